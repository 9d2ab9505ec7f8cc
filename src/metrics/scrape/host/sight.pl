# sight.pl INTERVAL DELAY EVERY ROOT SOCKET ASK…: says every INTERVAL seconds how this host is, the first time after DELAY,
# until nobody listens any more. It looks at the host and its fronts (at SOCKET, and of apps under ROOT) in each EVERYth frame,
# never when that is 0. An ASK is `KEY EVERY SECONDS BYTES WHERE PATH`, where WHERE is a port of the loopback, or
# `PLACE,A,B`: the ports of the two slots of an app, of which the one is asked that takes the traffic. What opens an ASK
# comes in the file `keys` of its folder, `KEY HEADER` in hexadecimal digits, and is removed as soon as it is read. Changes
# nothing else.
# No module is used: loading one costs more than all the rest.
#
# A frame is a `#` line for each part, lines of it behind a blank (behind `+` those that go on in the next), and a `.` line.
use strict;

# How large a page of memory is: the kernel tells each program at its start (AT_PAGESZ is 6, getauxval(3)).
sub page_bytes {
    open my $file, '<:raw', '/proc/self/auxv' or return 4096;
    local $/;
    my %told = unpack 'Q*', <$file>;
    return $told{6} || 4096;
}

my $page_bytes = page_bytes();
my ($interval, $delay, $every, $root, $socket, @asks) = @ARGV;
$| = 0;

# A header that opens what is asked, by key: no other process sees it, and it stays on no disk.
sub keys_in {
    my ($path) = @_;
    open my $file, '<', $path or return {};
    my %keys = map { chomp; my ($key, $hex) = split / /; ($key, pack('H*', $hex) =~ tr/\r\n//dr) } <$file>;
    close $file;
    unlink $path;
    return \%keys;
}

my $keys = ($ENV{RUN} || '') eq '' ? {} : keys_in("$ENV{RUN}/keys");

# Seconds since the host started, with fractions: no jump of a clock hurries or delays a frame.
sub uptime {
    open my $file, '<', '/proc/uptime' or return time;
    return (split / /, <$file>)[0];
}

sub part { print join(' ', '#' . shift, @_), "\n"; }

# Long lines go in pieces, none of which ends inside a letter of UTF-8.
sub line {
    my ($text) = @_;
    while (length $text > 3500) {
        my $cut = 3500;
        $cut-- while $cut > 3490 && (ord(substr $text, $cut, 1) & 0xC0) == 0x80;
        print '+', substr($text, 0, $cut), "\n";
        $text = substr $text, $cut;
    }
    print " $text\n";
}

sub show {
    my ($name, $path, $wanted) = @_;
    open my $file, '<', $path or return;
    part($name);
    while (<$file>) {
        chomp;
        line($_) if !defined $wanted || /$wanted/;
    }
}

sub first_of {
    my ($path) = @_;
    open my $file, '<', $path or return '';
    my $text = <$file>;
    $text = '' unless defined $text;
    chomp $text;
    return $text;
}

sub names_in {
    my ($folder) = @_;
    opendir my $handle, $folder or return;
    return sort grep { !/^\./ } readdir $handle;
}

# Only what lies on disks of this host: a file server that does not answer would keep us.
my $disks = qr/^(ext[234]|xfs|btrfs|zfs|f2fs|vfat|exfat|ntfs3?|jfs|reiserfs|bcachefs|tmpfs|overlay)\z/;

sub disks {
    open my $file, '<', '/proc/mounts' or return;
    my @points;
    part('mounts');
    while (<$file>) {
        chomp;
        my (undef, $point, $type) = split / /;
        next unless $type =~ $disks && $point !~ m{^/(dev|proc|sys|run/credentials|run/user|var/lib/(docker|containers))(/|\z)};
        next if $type eq 'overlay' && $point ne '/';
        line($_);
        $point =~ s/\\([0-7]{3})/chr oct $1/ge;
        push @points, $point unless $point =~ /\n/;
    }
    return unless @points;
    flush();
    open my $said, '-|', 'stat', '-f', '-c', '%S %b %f %a %c %d %n', @points or return;
    part('disks');
    while (<$said>) { chomp; line($_); }
    close $said;
}

# Of each process of an app, by its unit: how long it has run, with what it has waited for, and the memory that it holds.
sub units {
    my %taken;
    unit($_, \%taken) for unit_folders();
    sessions(\%taken);
    return unless %taken;
    part('units');
    for my $name (sort keys %taken) {
        my ($ticks, $pages, $count) = @{$taken{$name}};
        line("$name $ticks " . $pages * $page_bytes . " $count");
    }
}

# The kernel lists the processes of a unit in one place or another.
sub unit_folders {
    for my $base ('', '/unified', '/systemd') {
        my @units = glob "/sys/fs/cgroup$base/system.slice/system-tandem*.slice/tandem-*\@[ab].service";
        return @units if @units;
    }
    return;
}

sub unit {
    my ($folder, $taken) = @_;
    open my $file, '<', "$folder/cgroup.procs" or return;
    my ($name) = $folder =~ m{([^/]+)\z};
    while (my $pid = <$file>) {
        chomp $pid;
        take($taken, $name, stat_of($pid));
    }
}

# Without systemd a process of an app leads a session, in which is all that it starts; beside its keeper stands which it is.
sub sessions {
    my ($taken) = @_;
    my %named;
    for my $keeper (glob "\Q$root\E/apps/*/slots/[ab]/*.keeper") {
        my ($place, $slot, $service) = $keeper =~ m{/apps/([^/]+)/slots/([ab])/([^/]+)\.keeper\z} or next;
        my ($pid, $start) = split / /, first_of($keeper =~ s/keeper\z/pid/r);
        next unless defined $start;
        my @leader = stat_of($pid);
        # After a start of the machine the number may be somebody else's.
        $named{$pid} = "tandem-$place-$service\@$slot.service" if @leader && $leader[19] eq $start;
    }
    return unless %named;
    for my $pid (grep { /^\d+\z/ } names_in('/proc')) {
        my @cell = stat_of($pid);
        take($taken, $named{$cell[3]}, @cell) if @cell && defined $named{$cell[3]};
    }
}

# What stands in /proc/PID/stat behind the name of the program; nothing when it is gone.
sub stat_of {
    my ($pid) = @_;
    my $stat = first_of("/proc/$pid/stat");
    $stat =~ s/.*\) //;
    my @cell = split / /, $stat;
    return @cell > 21 ? @cell : ();
}

sub take {
    my ($taken, $name, @cell) = @_;
    return unless @cell;
    my $sums = $taken->{$name} ||= [0, 0, 0];
    $sums->[0] += $_ for @cell[11 .. 14];
    $sums->[1] += $cell[21];
    $sums->[2]++;
}

sub flush { local $| = 1; print ''; }

sub kernel {
    show('stat', '/proc/stat', qr/^(cpu|ctxt|btime|processes|procs_)/);
    show('loadavg', '/proc/loadavg');
    show('meminfo', '/proc/meminfo');
    show('vmstat', '/proc/vmstat', qr/^(pgfault|pgmajfault|pgpgin|pgpgout|pswpin|pswpout|oom_kill) /);
    show('diskstats', '/proc/diskstats', qr/^\s*\d+\s+\d+ (?!ram|loop|fd)/);
    show('netdev', '/proc/net/dev');
    show('sockstat', '/proc/net/sockstat');
    show('snmp', '/proc/net/snmp', qr/^(Tcp|Udp|Icmp):/);
    show('netstat', '/proc/net/netstat', qr/^TcpExt:/);
    show('files', '/proc/sys/fs/file-nr');
    for my $of ('cpu', 'io', 'memory') { show("pressure $of", "/proc/pressure/$of"); }
    part('words');
    for my $word ('ostype', 'osrelease', 'version', 'hostname', 'domainname', 'arch') {
        line("$word " . first_of("/proc/sys/kernel/$word"));
    }
    line("conntrack_count " . first_of('/proc/sys/net/netfilter/nf_conntrack_count'));
    line("conntrack_max " . first_of('/proc/sys/net/netfilter/nf_conntrack_max'));
    line('time ' . time);
    line('pids ' . scalar grep { /^\d+\z/ } names_in('/proc'));
    for my $link (names_in('/sys/class/net')) { line("link $link " . first_of("/sys/class/net/$link/operstate")); }
    show('os', '/etc/os-release');
}

sub dial_unix {
    my ($path) = @_;
    # The kernel takes 107 bytes for the address of a socket; a project may lie deeper.
    if (length $path > 107 && $path =~ m{(.*)/(.*)}s) { chdir $1; $path = $2; }
    socket my $to, 1, 1, 0 or return;
    connect $to, pack 'S a108', 1, $path or return;
    select((select($to), $| = 1)[0]);
    return $to;
}

# A front that hangs is not waited for.
sub front {
    my ($path) = @_;
    part('front');
    eval {
        local $SIG{ALRM} = sub { die "late\n" };
        alarm 2;
        my $to = dial_unix($path) or die "gone\n";
        print $to "show info;show stat\n";
        while (<$to>) { chomp; line($_); }
        alarm 0;
        1;
    };
    alarm 0;
    chdir '/';
}

# Which release lies in which slot, and which slot takes the traffic: known here, whoever changed it last.
sub slots {
    my %live;
    part('slots');
    for my $place (names_in("$root/apps")) {
        my $at = "$root/apps/$place";
        my $current = readlink "$at/current";
        next unless defined $current && $current =~ m{^slots/([ab])\z};
        $live{$place} = $1;
        for my $slot ('a', 'b') {
            my ($release) = split / /, first_of("$at/slots/$slot/spec");
            line("$place $slot $release " . ($slot eq $live{$place} ? 'live' : 'beside')) if defined $release;
        }
    }
    return \%live;
}

sub begin {
    my ($ask, $live) = @_;
    my ($key, undef, $seconds, $bytes, $where, $path) = split / /, $ask;
    my %one = (key => $key, limit => $bytes, since => uptime(), path => $path, seconds => $seconds, got => '');
    $one{until} = $one{since} + $seconds;
    if ($where =~ /^(.*),(\d+),(\d+)\z/) {
        return { %one, over => 'is not deployed here' } unless defined $live->{$1};
        $where = $live->{$1} eq 'a' ? $2 : $3;
    }
    $one{port} = $where;
    socket my $to, 2, 1, 0 or return { %one, over => "no socket: $!" };
    # A port whose queue is full lets nobody know: so even this is not waited for.
    fcntl $to, 4, 2048;
    my $begun = connect $to, pack 'S n a4 x8', 2, $where, "\x7f\0\0\1";
    $one{over} = "port $where: $!" unless $begun || $! == 115;
    return { %one, socket => $to, said => 0 };
}

sub speak {
    my ($one) = @_;
    my $accept = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,'
        . 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    my $key = $keys->{$one->{key}};
    my $text = "GET $one->{path} HTTP/1.0\r\nHost: 127.0.0.1:$one->{port}\r\nUser-Agent: tandem\r\nAccept: $accept\r\n"
        . (defined $key ? "Authorization: $key\r\n" : '')
        . "X-Prometheus-Scrape-Timeout-Seconds: $one->{seconds}\r\nConnection: close\r\n\r\n";
    $one->{said} = 1;
    defined syswrite $one->{socket}, $text or $one->{over} = "port $one->{port}: $!";
}

sub hear {
    my ($one) = @_;
    my $read = sysread $one->{socket}, $one->{got}, 65536, length $one->{got};
    return if !defined $read && $! == 11;
    if (!defined $read) { $one->{over} = "port $one->{port}: $!"; }
    elsif (length $one->{got} > $one->{limit} + 65536) { $one->{over} = "more than $one->{limit} bytes"; }
    elsif ($read == 0) { $one->{over} = ''; }
}

sub unchunked {
    my ($text) = @_;
    my $whole = '';
    while ($text =~ /\G([0-9A-Fa-f]+)[^\r\n]*\r\n/gc) {
        my $size = hex $1;
        return $whole if $size == 0;
        my $at = pos $text;
        return if length $text < $at + $size;
        $whole .= substr $text, $at, $size;
        pos($text) = $at + $size + 2;
    }
    return;
}

# What is wrong with an answer, or nothing and its body.
sub judged {
    my ($one) = @_;
    my ($head, $body) = split /\r\n\r\n/, $one->{got}, 2;
    return "no answer in HTTP" unless defined $body && $head =~ m{^HTTP/1\.\d (\d+)};
    return "HTTP status $1" if $1 != 200;
    ($one->{type}) = $head =~ /^content-type:\s*([^\r\n]*)/mi;
    if ($head =~ /^transfer-encoding:.*chunked/mi) { $body = unchunked($body); }
    elsif ($head =~ /^content-length:\s*(\d+)/mi && length $body < $1) { $body = undef; }
    return "the answer was cut off" unless defined $body;
    return "the answer is packed ($1), though nobody asked for that" if $head =~ /^content-encoding:\s*(?!identity)(\w+)/mi;
    return "more than $one->{limit} bytes" if length $body > $one->{limit};
    $one->{body} = $body;
    return '';
}

sub conclude {
    my ($one) = @_;
    $one->{over} = judged($one) if $one->{over} eq '';
    my $took = sprintf '%.2f', uptime() - $one->{since};
    if ($one->{over} ne '') {
        part('failed', $one->{key}, $took);
        return line($one->{over});
    }
    part('got', $one->{key}, $took, defined $one->{type} ? $one->{type} : '');
    # One after the other: an answer may be large.
    while ($one->{body} =~ /\G([^\n]*)(\n|\z)/g) {
        line($1);
        last if $2 eq '';
    }
}

# All at once: one that hangs delays no other.
sub ask_all {
    my ($live, $nth) = @_;
    my @open = map { begin($_, $live) } grep { $nth % (split / /)[1] == 0 } @asks;
    while (@open) {
        my $now = uptime();
        my ($wait, $reads, $writes) = (1, '', '');
        for my $one (@open) {
            next if defined $one->{over};
            $wait = $one->{until} - $now if $one->{until} - $now < $wait;
            vec($one->{said} ? $reads : $writes, fileno $one->{socket}, 1) = 1;
        }
        $wait = 0 if $wait < 0 || grep { defined $_->{over} } @open;
        flush() if $wait > 0;
        select $reads, $writes, undef, $wait;
        for my $one (grep { !defined $_->{over} } @open) {
            my $number = fileno $one->{socket};
            if (!$one->{said} && vec $writes, $number, 1) { speak($one); }
            elsif (vec $reads, $number, 1) { hear($one); }
            $one->{over} = "no answer within $one->{seconds} s" if !defined $one->{over} && uptime() >= $one->{until};
        }
        conclude($_) for grep { defined $_->{over} } @open;
        @open = grep { !defined $_->{over} } @open;
    }
}

sub frame {
    my ($nth) = @_;
    part('frame');
    my $live = slots();
    if ($every > 0 && $nth % $every == 0) {
        kernel();
        disks();
        units();
        for my $path ($socket, glob "\Q$root\E/front/*.sock") { front($path) if -S $path; }
        part('seen');
    }
    ask_all($live, $nth);
    print ".\n";
    flush();
}

my $next = uptime() + $delay;
for (my $nth = 0; ; $nth++) {
    my $wait = $next - uptime();
    select undef, undef, undef, $wait if $wait > 0;
    frame($nth);
    $next += $interval;
    # After a sleep of the host nothing is made up for.
    $next += $interval while $next < uptime();
}
