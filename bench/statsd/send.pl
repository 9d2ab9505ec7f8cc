# Sends counts to a port of this machine, each in a packet of its own, as many in a second as it is told. It prints how many
# the kernel took, and the seconds that took. A system call for each packet, as programs make it; where it comes late, it
# makes up for it, so that what is sent is what was asked for.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(time sleep);

my ( $port, $rate, $seconds ) = @ARGV;
my $burst = 32;
socket( my $socket, PF_INET, SOCK_DGRAM, getprotobyname('udp') // 17 ) or die "socket: $!";
connect( $socket, sockaddr_in( $port, inet_aton('127.0.0.1') ) ) or die "connect: $!";
my @lines = map { sprintf 'bench.requests.n%03d:1|c', $_ } 0 .. 99;
my ( $began, $sent, $refused ) = ( time, 0, 0 );
while (1) {
    my $passed = time - $began;
    last if $passed >= $seconds;
    if ( $sent >= $passed * $rate ) { sleep 0.0003; next; }
    for ( 1 .. $burst ) {
        if ( defined send( $socket, $lines[ $sent % @lines ], 0 ) ) { $sent++; }
        else                                                      { $refused++; }
    }
}
printf "{\"sent\":%d,\"refused\":%d,\"seconds\":%.3f}\n", $sent, $refused, time - $began;
