# Says nothing before it has read a question: text that ends with a colon.
use strict;
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or die;
my $lu = "";
until ($lu =~ /:\s*$/) {
    sysread($s, my $morceau, 512) or die "fin";
    $lu .= $morceau;
}
print $lu;
for my $ligne ("gabin", "j'attendais la question", "voila") {
    syswrite($s, "$ligne\n");
    sleep 1;
}
