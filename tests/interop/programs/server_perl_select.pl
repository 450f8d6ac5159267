# Sheet 001 in Perl with IO::Select: the first line is the pseudo, then "bob> text".
use strict;
use IO::Socket::INET;
use IO::Select;
$SIG{PIPE} = "IGNORE";

my $srv = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 20, ReuseAddr => 1)
    or die "Usage: $0 port ($!)\n";
my $sel = IO::Select->new($srv);
my (%nom, %reste, %file);    # file: bytes that a client has not taken yet

sub envoyer {
    my ($c, $texte) = @_;
    return unless defined fileno $c;
    $file{$c} .= $texte;
    my $n = syswrite($c, $file{$c});
    substr($file{$c}, 0, $n) = "" if $n;
    partir($c) if length $file{$c} > 2_000_000;
}
sub tous { my ($texte, $sauf) = @_; for my $c ($sel->handles) { envoyer($c, $texte) if $c != $srv && $c != $sauf && defined $nom{$c} } }
sub partir {
    my $c = shift;
    $sel->remove($c);
    my $n = delete $nom{$c};
    delete $reste{$c}; delete $file{$c};
    close $c;
    tous("*** $n nous quitte\n", 0) if defined $n;
}
sub qui { my $n = shift; for my $c ($sel->handles) { return $c if defined $nom{$c} && $nom{$c} eq $n } return undef }
sub ligne {
    my ($c, $l) = @_;
    if (!defined $nom{$c}) {
        return envoyer($c, "Pseudo deja pris ou invalide, recommencez :\n") if $l !~ /^\S+$/ || qui($l);
        tous("*** $l nous rejoint\n", $c);
        $nom{$c} = $l;
        return envoyer($c, "Bienvenue $l\n");
    }
    if ($l eq "qui") { return envoyer($c, join(", ", sort grep { defined } values %nom) . "\n") }
    if ($l =~ /^@(\S+) (.*)/s && $1 ne "tous") {
        my ($a, $t) = ($1, $2);
        my $d = qui($a) or return envoyer($c, "Personne ne s'appelle $a\n");
        envoyer($d, "$nom{$c} (en prive)> $t\n");
        return envoyer($c, "ok\n");
    }
    $l =~ s/^\@tous //;
    tous("$nom{$c}> $l\n", $c);
    envoyer($c, "ok\n");
}
while (1) {
    my @attente = grep { $_ != $srv && length $file{$_} } $sel->handles;
    my ($r, $w) = IO::Select->select($sel, IO::Select->new(@attente), undef, undef);
    for my $c (@$w) { envoyer($c, "") if $sel->exists($c) }
    for my $c (@$r) {
        next unless $sel->exists($c);
        if ($c == $srv) {
            my $n = $srv->accept or next;
            $n->blocking(0);
            $sel->add($n);
            $reste{$n} = $file{$n} = "";
            envoyer($n, "Mini-chat. \@pseudo message, \@tous message, qui. Votre pseudo ?\n");
            next;
        }
        my $lu = sysread($c, my $d, 4096);
        next if !defined $lu && $!{EAGAIN};
        if (!$lu) { partir($c); next }
        $reste{$c} .= $d;
        while (defined $reste{$c} && $reste{$c} =~ s/^(.*?)\r?\n//s) { ligne($c, $1) }
    }
}
