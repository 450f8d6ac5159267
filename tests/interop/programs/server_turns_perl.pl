# Sheet 002, question 3: the server reads a line, prints it, and answers without a newline.
use IO::Socket::INET;
my $ecoute = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 1, ReuseAddr => 1) or die $!;
my $client = $ecoute->accept;
foreach my $reponse ("oui et toi ?", "moi ca va", "au revoir") {
    my $ligne = <$client>;
    last unless defined $ligne;
    print $ligne;
    syswrite $client, $reponse;
}
close $client;
