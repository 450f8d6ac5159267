# Sheet 004 in Perl with select(): nothing is done about SIGPIPE.
use strict;
use IO::Socket::INET;
use IO::Select;
my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => shift, Listen => 10, ReuseAddr => 1) or die;
my $sel = IO::Select->new($s);
my %qui; my %tampon;
while (my @prets = $sel->can_read) {
    foreach my $c (@prets) {
        if ($c == $s) { my $n = $s->accept; $sel->add($n); $tampon{$n} = ''; next; }
        my $morceau;
        unless (sysread $c, $morceau, 4096) { $sel->remove($c); delete $qui{$c}; close $c; next; }
        $tampon{$c} .= $morceau;
        while ($tampon{$c} =~ s/^([^\n]*)\n//) {
            my $ligne = $1;
            $ligne =~ s/\r$//;
            if ($ligne =~ /^USER (.+)/) { $qui{$c} = $1 }
            elsif ($ligne =~ /^MSG (.*)/ && $qui{$c}) {
                foreach my $autre ($sel->handles) {
                    next if $autre == $s || $autre == $c;
                    syswrite $autre, "MSG $qui{$c} $1\n";
                }
            }
        }
    }
}
