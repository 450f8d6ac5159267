# Sheet 004: the loop over all clients has no test for the sender.
use strict;
use IO::Socket::INET;
use IO::Select;
$SIG{PIPE} = 'IGNORE';
my $e = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], Listen => 20, ReuseAddr => 1) or die $!;
my $tous = IO::Select->new($e);
my (%nom, %recu);
while (1) {
    for my $c ($tous->can_read) {
        if ($c == $e) { my $n = $e->accept; $n->blocking(0); $tous->add($n); $recu{$n} = ""; next }
        my $k = sysread $c, $recu{$c}, 4096, length $recu{$c};
        next if !defined $k && $!{EAGAIN};
        if (!$k) { $tous->remove($c); delete @nom{$c}; delete $recu{$c}; close $c; next }
        while ($recu{$c} =~ s/^(.*?)\r?\n//) {
            my ($mot, $reste) = split / /, $1, 2;
            if ($mot eq "USER") { $nom{$c} = $reste }
            elsif ($mot eq "MSG" && defined $nom{$c}) {
                for my $autre ($tous->handles) { syswrite $autre, "MSG $nom{$c} $reste\n" if $autre != $e }
            }
        }
    }
}
