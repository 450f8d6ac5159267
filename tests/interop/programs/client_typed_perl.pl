# Sheet 004's client in Perl: the first line typed is the name; select() on both sides.
use strict;
use IO::Socket::INET;
use IO::Select;
die "Usage: $0 hote port\n" if @ARGV != 2;
$SIG{PIPE} = 'IGNORE';
$| = 1;
print "Votre nom : ";
my $nom = <STDIN>;
exit 0 unless defined $nom;
chomp $nom;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or die "Connexion impossible : $!\n";
syswrite $s, "USER $nom\n";
my $choix = IO::Select->new($s, \*STDIN);
my ($recu, $tape) = ("", "");
while (1) {
    for my $pret ($choix->can_read) {
        if ($pret == $s) {
            sysread $s, $recu, 4096, length $recu or exit 0;
            while ($recu =~ s/^(.*)\n//) { my (undef, $qui, $texte) = split / /, $1, 3; print "$qui : $texte\n" }
        } else {
            sysread STDIN, $tape, 4096, length $tape or exit 0;
            while ($tape =~ s/^(.*)\n//) { syswrite $s, "MSG $1\n" }
        }
    }
}
