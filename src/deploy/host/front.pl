# front.pl SOCKET COMMAND…: sends commands to the front's runtime socket, prints what it answers.
# front.pl --drain SOCKET NAME/SLOT SECONDS SINCE_FILE: waits until the slot has no connection, at most until its
# grace is over, counted from when SINCE_FILE was written.
# Ends with 1 when the front cannot be reached or refuses.
sub ask {
    my ($path, $command) = @_;
    my $socket = dial_unix($path) or die "cannot reach the front at $path: $!\n";
    print $socket "$command\n";
    local $/;
    my $answer = <$socket>;
    $answer = '' unless defined $answer;
    $answer =~ s/\s+\z//;
    return $answer;
}

sub connections {
    my ($path, $server) = @_;
    my ($backend, $slot) = split m{/}, $server;
    for (split /\n/, ask($path, 'show stat')) {
        my @cell = split /,/, $_, -1;
        return $cell[4] if $cell[0] eq $backend && $cell[1] eq $slot;
    }
    return 0;
}

if ($ARGV[0] eq '--drain') {
    my (undef, $path, $server, $seconds, $since_file) = @ARGV;
    my $since = time;
    if (my @stat = stat $since_file) { $since = $stat[9] if $stat[9] < $since; }
    ask($path, "set server $server state drain");
    while (time < $since + $seconds && connections($path, $server) > 0) { select undef, undef, undef, 0.05; }
    ask($path, "set server $server state maint");
    exit 0;
}

my $path = shift @ARGV;
for my $command (@ARGV) {
    my $answer = ask($path, $command);
    next if $answer eq '';
    print "$answer\n";
    exit 1 unless $command =~ /^show / && $answer !~ /^(Can't|No such|Unknown)/;
}
