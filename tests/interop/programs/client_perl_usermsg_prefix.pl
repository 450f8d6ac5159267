# Sheet 004, but its author also writes the name before each text, as it shows it on the screen.
use IO::Socket::INET;
my $pseudo = "adam";
my $sock = IO::Socket::INET->new(PeerHost => $ARGV[0], PeerPort => $ARGV[1]) || die $!;
print {$sock} "USER $pseudo\n";
$sock->flush;
for my $texte ("hello world", "ok: on y va") {
    sleep 1;
    print {$sock} "MSG $pseudo: $texte\n";
    $sock->flush;
}
sleep 1;
