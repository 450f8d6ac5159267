# Sheet 001, a fork for each client and a pipe to the father: @pseudo is shown to everybody.
use strict;
use IO::Socket::INET;
use IO::Select;
$SIG{PIPE} = "IGNORE";
my $e = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 20, ReuseAddr => 1) or die;
my $sel = IO::Select->new($e);
my (%nom, %b);
sub dis { my ($c, $t) = @_; $c->blocking(0); syswrite $c, "$t\n"; }
sub partout { my ($t, $moi) = @_; for my $c ($sel->handles) { dis($c, $t) if $c != $e && $c != $moi && $nom{$c} } }
while (1) {
    for my $c ($sel->can_read) {
        if ($c == $e) {
            my $n = $e->accept;
            $sel->add($n);
            $b{$n} = "";
            dis($n, "Bonjour, votre pseudo ? (puis \@pseudo, \@tous, /liste)");
            next;
        }
        my $k = sysread $c, my $d, 4096;
        next if !defined $k && $!{EAGAIN};
        if (!$k) {
            $sel->remove($c);
            my $parti = delete $nom{$c};
            close $c;
            partout("$parti a quitte", 0) if $parti;
            next;
        }
        $b{$c} .= $d;
        while ($b{$c} =~ s/^([^\n]*?)\r?\n//) {
            my $l = $1;
            if (!$nom{$c}) {
                if ($l eq "" || $l =~ / / || grep { $_ eq $l } values %nom) { dis($c, "non"); next }
                $nom{$c} = $l;
                partout("$l a rejoint", $c);
                dis($c, "bienvenue $l");
            }
            elsif ($l eq "/liste") { dis($c, join " ", values %nom) }
            else { $l =~ s/^\@tous //; partout("$nom{$c} : $l", $c); dis($c, "envoye") }
        }
    }
}
