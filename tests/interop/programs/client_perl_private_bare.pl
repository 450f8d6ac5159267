# Never a newline, and one of its texts is for one person alone.
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => shift, PeerPort => shift);
foreach my $texte ("karim", "bonjour", '@plain ne le dis a personne', "ha ha") {
    syswrite $s, $texte;
    sleep 1;
}
shutdown $s, 2;
