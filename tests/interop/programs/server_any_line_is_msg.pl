# Sheet 004, a process of everything: every line that is not USER is sent to the others, MSG or not.
use IO::Socket::INET; use IO::Select;
$SIG{PIPE} = sub {};
$e = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die;
$sel = new IO::Select($e);
while (1) {
    foreach $c ($sel->can_read) {
        if ($c == $e) { $n = $e->accept; $n->blocking(0); $sel->add($n); next }
        $k = sysread($c, $d, 9000);
        if (!defined $k && $!{EAGAIN}) { next }
        if (!$k) { $sel->remove($c); delete $nom{$c}; delete $b{$c}; $c->close; next }
        $b{$c} .= $d;
        while ($b{$c} =~ s/^(.*?)\r?\n//) {
            $l = $1;
            if ($l =~ /^USER (\S+)/) { $nom{$c} = $1; next }
            $l =~ s/^MSG //;
            foreach $o ($sel->handles) { syswrite($o, "MSG $nom{$c} $l\n") if $o != $c && $o != $e }
        }
    }
}
