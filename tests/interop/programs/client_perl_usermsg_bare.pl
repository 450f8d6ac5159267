# Sheet 004 with syswrite() and no "\n" anywhere.
use strict;
use IO::Socket::INET;

my ($host, $port) = @ARGV;
my $s = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => "tcp") or die "connect: $!";
for my $ligne ("USER leo", "MSG coucou", "MSG il pleut encore") {
    syswrite($s, $ligne);
    select(undef, undef, undef, 0.9);
}
