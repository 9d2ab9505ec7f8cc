# Words that the Perl programs share; each of them begins with this text. No module is used: loading one costs a host
# more than all the rest. Addresses are packed by hand (unix(7); AF_UNIX and SOCK_STREAM are 1 on Linux).
use strict;

sub dial_unix {
    my ($path) = @_;
    # The kernel takes 107 bytes for the address of a socket; a checkout may lie deeper.
    if (length $path > 107 && $path =~ m{(.*)/(.*)}s) { chdir $1; $path = $2; }
    socket my $socket, 1, 1, 0 or return;
    connect $socket, pack 'S a108', 1, $path or return;
    select((select($socket), $| = 1)[0]);
    return $socket;
}

# Seconds since the host started, with fractions: no jump of a clock ends a wait.
sub uptime {
    open my $file, '<', '/proc/uptime' or return time;
    return (split / /, <$file>)[0];
}
