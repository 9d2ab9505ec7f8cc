#!/usr/bin/perl
# own-network.pl PID PROGRAM [WORD …]: becomes PROGRAM, told of the user namespace that the network of PID belongs to.
# That is not the one PID is in: walls that no user namespace may be made inside of are two of them.
use strict;
use warnings;
use Fcntl qw(F_SETFD);

use constant NS_GET_USERNS => 0xb701;

my ($pid, $program, @words) = @ARGV;
open my $network, '<', "/proc/$pid/ns/net" or die "the network of the job: $!\n";
my $number = ioctl($network, NS_GET_USERNS, 0) or die "the owner of the network of the job: $!\n";
open my $owner, '<&=', $number or die "$!\n";
fcntl $owner, F_SETFD, 0 or die "$!\n";
exec {$program} $program, "--userns-path=/proc/self/fd/$number", @words or die "$program: $!\n";
