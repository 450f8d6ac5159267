# Says JOIN and its name, then what it has to say, a line each.
use strict; use warnings;
use Socket;

socket(my $fh, PF_INET, SOCK_STREAM, getprotobyname("tcp")) or die "socket: $!";
connect($fh, sockaddr_in($ARGV[1], inet_aton($ARGV[0]))) or die "connect: $!";
select((select($fh), $| = 1)[0]);
print $fh "JOIN nina\n";          sleep 1;
print $fh "le TP est en ligne\n"; sleep 1;
print $fh "bon courage\n";        sleep 1;
close $fh;
