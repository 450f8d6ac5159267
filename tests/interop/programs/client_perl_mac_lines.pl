# Lines that end with "\r" alone.
use IO::Socket::INET;
$/ = "\r";
$\ = "\r";
my $s = IO::Socket::INET->new("$ARGV[0]:$ARGV[1]");
$s->autoflush;
print $s $_ and sleep 1 for ("noah", "vieux mac", "retour chariot");
