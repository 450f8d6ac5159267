# JSON by string concatenation, with "cmd".
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]);
sub dire { print $s $_[0] . "\r\n"; $s->flush(); sleep(1); }
dire('{"cmd": "login", "user": "eva"}');
dire('{"cmd": "msg", "content": "et en Perl ?"}');
dire('{"cmd": "msg", "content": "ca marche"}');
