# hold.pl WORD CTL MARK SOCKET NAME NEW OLD PID SECONDS TOKEN_FILE TOKEN: waits for the hub's word, before the switch
# (`switch`) or after it (`confirm`). That word ends it with 0, `back` with 1, and so does a hub that has not said `beat`
# for SECONDS: a host that is cut off goes back by itself. It ends with 97 as soon as a newer token holds the target:
# then all is up to the newer program. After the switch it says each second what the front counts for both slots, or
# that it is there.

my ($wanted, $ctl, $mark, $path, $name, $new, $old, $pid, $seconds, $token_file, $token) = @ARGV;
$| = 1;
# Opened for both, so that it never ends.
open my $fifo, '+<', $ctl or do { print "\@$mark step cannot open $ctl: $!\n"; exit 2; };
my $is_switched = $wanted eq 'confirm';
my ($deadline, $next, $heard, $died) = (uptime() + $seconds, uptime(), '', 0);

# Columns of HAProxy's CSV: 4 scur, 7 stot, 13 econ, 14 eresp, 43 hrsp_5xx (HAProxy management guide, 9.1).
sub count {
    my $socket = dial_unix($path) or return;
    print $socket "show stat\n";
    my %count = (new => '0 0 0 0', old => '0 0 0 0');
    while (<$socket>) {
        my @cell = split /,/, $_, -1;
        next unless $cell[0] eq $name && ($cell[1] eq $new || $cell[1] eq $old);
        my $which = $cell[1] eq $new ? 'new' : 'old';
        $count{$which} = join ' ', map { $_ eq '' ? 0 : $_ } @cell[7, 43, 13, 14];
    }
    print "\@$mark stat new $count{new}\n\@$mark stat old $count{old}\n";
}

sub overtaken {
    open my $file, '<', $token_file or return 0;
    my $seen = <$file>;
    return defined $seen && $seen + 0 != $token;
}

while (1) {
    my $now = uptime();
    exit 97 if overtaken();
    if ($now >= $next && !$is_switched) { $next = $now + 1; }
    if ($now >= $next) {
        if ($path ne '') { count() } else { print "\@$mark alive\n" }
        if ($pid && !$died && !kill 0, $pid) { $died = 1; print "\@$mark died\n"; }
        $next = $now + 1;
    }
    if ($now >= $deadline) { print "\@$mark step no word from the hub for $seconds s\n"; exit 1; }
    my $bits = '';
    vec($bits, fileno $fifo, 1) = 1;
    my $wait = ($deadline < $next ? $deadline : $next) - $now;
    next unless select $bits, undef, undef, $wait < 0.1 ? $wait : 0.1;
    sysread $fifo, my $more, 4096;
    $heard .= $more;
    while ($heard =~ s/^(.*)\n//) {
        my $word = $1;
        $deadline = uptime() + $seconds if $word eq 'beat';
        exit 0 if $word eq $wanted;
        exit 1 if $word eq 'back';
        count() if $word eq 'count' && $path ne '' && $is_switched;
    }
}
