# Sheet 003's client that does not know ETX: it prints every byte as it comes, and reads lines.
use IO::Socket::INET;
use IO::Select;
die "Usage: $0 hote port\n" unless @ARGV == 2 && $ARGV[1] =~ /^\d+$/ && $ARGV[1] < 65536;
$SIG{PIPE} = 'IGNORE';
$| = 1;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or die "Connexion refusee\n";
$SIG{INT} = $SIG{TERM} = sub { syswrite $s, "q\n"; exit 0 };
syswrite $s, "hello\n";
my $qui = <$s>;
print "Je suis $qui";
my $choix = IO::Select->new($s, \*STDIN);
while (my @prets = $choix->can_read) {
    for my $f (@prets) {
        my $k = sysread $f, my $d, 4096;
        if ($f == $s) {
            exit 0 if !$k || $d =~ /\x04/;
            print $d;
        } elsif (!$k) {
            syswrite $s, "q\n";
            exit 0;
        } else {
            syswrite $s, $d;
        }
    }
}
