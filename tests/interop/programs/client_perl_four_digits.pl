# Four digits with leading zeros, then that many bytes.
use IO::Socket::INET;
$sock = IO::Socket::INET->new(PeerAddr => "$ARGV[0]:$ARGV[1]", Proto => 'tcp') or die;
sub envoyer {
    my ($texte) = @_;
    syswrite $sock, sprintf("%04d", length $texte) . $texte;
    select undef, undef, undef, 0.8;
}
envoyer("alix");
envoyer("quatre chiffres suffisent");
envoyer("non ?");
