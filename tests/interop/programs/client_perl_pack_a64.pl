# Every text is a field of 64 bytes, filled up with "\0" by pack().
use IO::Socket;
$s = IO::Socket::INET->new("$ARGV[0]:$ARGV[1]") or die;
$s->autoflush(1);
foreach ("ines", "premier essai", "deuxieme essai") {
    print $s pack("a64", $_);
    sleep 1;
}
