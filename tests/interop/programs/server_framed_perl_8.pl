# Sheet 000 in Perl: int and a 32-bit length, 8 bytes in all; broadcasts are frames, then ok.
use strict;
use IO::Socket::UNIX;
use IO::Select;
$SIG{PIPE} = 'IGNORE';
my $chemin = $ARGV[0] or die "usage: $0 chemin\n";
$SIG{INT} = $SIG{TERM} = sub { unlink $chemin; exit 0 };
unlink $chemin;
my $srv = IO::Socket::UNIX->new(Local => $chemin, Listen => 20) or die $!;
my $tous = IO::Select->new($srv);
my (%pseudo, %lu);

sub bloc {
    my ($c, $octets) = @_;
    while (length $octets) {
        my $n = syswrite $c, $octets;
        return adieu($c) unless defined $n;
        substr($octets, 0, $n) = "";
    }
}
sub adieu { my $c = shift; $tous->remove($c); delete $pseudo{$c}; delete $lu{$c}; close $c; }

for (;;) {
    for my $c ($tous->can_read) {
        if ($c == $srv) { $tous->add(scalar $srv->accept); next }
        next unless $tous->exists($c);
        my $n = sysread($c, $lu{$c}, 8192, length($lu{$c} // ""));
        if (!$n) { adieu($c); next }
        while (defined $lu{$c} && length $lu{$c} >= 8) {
            my ($nature, $taille) = unpack("l< L<", $lu{$c});
            if ($nature < 0 || $nature > 1 || $taille > 100_000) { adieu($c); last }
            last if length $lu{$c} < 8 + $taille;
            my $texte = substr($lu{$c}, 8, $taille);
            $lu{$c} = substr($lu{$c}, 8 + $taille);
            if ($nature == 0) { $pseudo{$c} = $texte; next }
            my $dit = ($pseudo{$c} // "?") . ": $texte";
            print "$dit\n";
            bloc($_, pack("l< L<", 1, length $dit) . $dit) for grep { $_ != $srv && defined $pseudo{$_} } $tous->handles;
            bloc($c, "ok") if defined $lu{$c};
        }
    }
}
