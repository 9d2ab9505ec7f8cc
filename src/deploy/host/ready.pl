# ready.pl PORT PATH STATUS WITHIN_MS PID: probes a new process until it is ready, prints why not and ends with 1.
# Three answers in a row with the right status, from a socket that belongs to this process and not to an old one.
# Without a path it is enough that the process listens.

# An address of ip(7): AF_INET is 2, the port in network order.
sub dial {
    my ($to) = @_;
    socket my $socket, 2, 1, 0 or return;
    connect $socket, pack 'S n a4 x8', 2, $to, "\x7f\0\0\1" or return;
    select((select($socket), $| = 1)[0]);
    return $socket;
}

my ($port, $path, $status, $within_ms, $pid) = @ARGV;
my $deadline = uptime() + $within_ms / 1000;
my ($in_a_row, $last) = (0, "it does not listen on port $port");

sub first_line { my ($text) = @_; $text =~ s/\s+/ /g; $text =~ s/ \z//; return substr $text, 0, 200; }

# Whether a line of the kernel's table is a socket that listens (0A) on our port; its inode is the tenth word.
sub inode_in {
    my @cell = split ' ', $_[0];
    return unless @cell > 9 && $cell[3] eq '0A' && $cell[1] =~ /:([0-9A-F]{4})\z/ && hex($1) == $port;
    return $cell[9];
}

# The first of them. What listens comes first in the table, and short reads keep the kernel from going through all
# connections of the host, which are many where a front holds them.
sub first_inode {
    open my $file, '<', '/proc/net/tcp' or return;
    my $text = '';
    while (sysread $file, my $more, 100) {
        $text .= $more;
        while ($text =~ s/^(.*)\n//) {
            my $inode = inode_in($1);
            return $inode if defined $inode;
        }
    }
    return;
}

sub listening_inodes {
    my %inode;
    for my $table ('/proc/net/tcp', '/proc/net/tcp6') {
        open my $file, '<', $table or next;
        while (<$file>) {
            my $inode = inode_in($_);
            $inode{$inode} = 1 if defined $inode;
        }
    }
    return \%inode;
}

# Whether a process holds one of these sockets.
sub holds {
    my ($other, $inodes) = @_;
    opendir my $fds, "/proc/$other/fd" or return 0;
    for my $fd (readdir $fds) {
        my $target = readlink "/proc/$other/fd/$fd";
        return 1 if defined $target && $target =~ /^socket:\[(\d+)\]/ && $inodes->{$1};
    }
    return 0;
}

sub family {
    my ($of) = @_;
    open my $file, '<', "/proc/$of/cgroup" or return '';
    local $/;
    my $groups = <$file>;
    open my $stat, '<', "/proc/$of/stat" or return '';
    my $line = <$stat>;
    $line =~ s/.*\) //s;
    my @cell = split / /, $line;
    return ($groups =~ /tandem-/) ? $groups : "session $cell[3]";
}

# Whether the listener is our process, as mostly, or one that it started; not being allowed to look is no objection.
sub is_ours {
    my $first = first_inode();
    return 1 if defined $first && holds($pid, { $first => 1 });
    my $inodes = listening_inodes();
    return 0 unless %$inodes;
    my $ours = family($pid);
    my $seen = 0;
    opendir my $proc, '/proc' or return 1;
    for my $other (grep { /^\d+$/ } readdir $proc) {
        next unless holds($other, $inodes);
        $seen = 1;
        return 1 if family($other) eq $ours;
    }
    return !$seen;
}

sub probe {
    my $socket = dial($port) or do { $last = "nothing listens on port $port"; return 0; };
    return 1 if $path eq '';
    my $answer = '';
    eval {
        local $SIG{ALRM} = sub { die "late\n" };
        alarm 1;
        print $socket "GET $path HTTP/1.0\r\nHost: 127.0.0.1:$port\r\nUser-Agent: tandem\r\nConnection: close\r\n\r\n";
        while (length $answer < 65536 && sysread $socket, my $more, 8192) { $answer .= $more; }
        alarm 0;
        1;
    } or do { $last = "GET $path does not answer within a second"; return 0; };
    my ($code) = $answer =~ m{^HTTP/1\.\d (\d+)} or do { $last = "GET $path is not answered in HTTP"; return 0; };
    return 1 if $code == $status;
    my ($to) = $answer =~ /^location:\s*(\S+)/mi;
    my (undef, $body) = split /\r?\n\r?\n/, $answer, 2;
    $last = "GET $path answers $code" . (defined $to ? " to $to" : '') . ", not $status: " . first_line($body // '');
    return 0;
}

while (uptime() < $deadline) {
    if (!kill 0, $pid) { print "its main process ended\n"; exit 1; }
    if (probe()) {
        if ($in_a_row == 0 && !is_ours()) {
            $last = "port $port is answered by another process than the new one";
        }
        elsif (++$in_a_row == 3) { exit 0; }
    }
    else { $in_a_row = 0; }
    select undef, undef, undef, $in_a_row > 0 ? 0.05 : 0.03;
}
print "$last (waited " . $within_ms / 1000 . " s)\n";
exit 1;
