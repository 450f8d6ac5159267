# Sheet 003, but "\n" was forgotten after each command.
use strict; use warnings;
use IO::Socket::INET;
my $serveur = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or die "non\n";
for my $commande ("hello kim", "b personne n'a de fin de ligne", "b moi non plus") {
    $serveur->syswrite($commande);
    select undef, undef, undef, 1.1;
}
