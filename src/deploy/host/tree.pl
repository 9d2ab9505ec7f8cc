# tree.pl LIST clean|look NAMES…: compares the current folder with the list of a release (docs/formats/provenance.md)
# and prints the sums that are left to check. `clean` removes what the list does not name; `look` leaves it. NAMES are
# files with the names of what outlives releases: on a host those are links, and none of our business. Prints what is
# wrong on the second output and ends with 1.

my ($list, $mode, @names) = @ARGV;
my (%want, %inner, %way, %apart, @wrong);

# Backslashes and line feeds are written as the sum programs write them.
sub plain { my ($text) = @_; $text =~ s/\\(.)/$1 eq 'n' ? "\n" : $1/ge; return $text; }

sub lines_of {
    my ($path) = @_;
    open my $file, '<', $path or die "cannot read $path: $!\n";
    my @lines = <$file>;
    chomp @lines;
    return @lines;
}

for my $name (map { lines_of($_) } @names) { $apart{$name} = 1 if length $name; }

sub is_apart {
    my ($path) = @_;
    for (;;) {
        return 1 if $apart{$path};
        return 0 unless $path =~ s{/[^/]*\z}{};
    }
}

# Every folder on the way to what is wanted, and to what outlives releases.
sub within { my ($path, $folders) = @_; $folders->{$path} = 1 while $path =~ s{/[^/]*\z}{}; }
within($_, \%way) for keys %apart;

my $runs = 0;
for my $line (lines_of($list)) {
    if ($line =~ /\A# x /) { $runs = 1; next; }
    my ($kind, $path, $value) =
        $line =~ /\A# l ([^\t]*)\t(.*)\z/ ? ('l', plain($1), plain($2))
      : $line =~ /\A# d (.*)\z/ ? ('d', plain($1), '')
      : $line =~ /\A(\\?)[0-9a-f]{64}  (.*)\z/ ? ($runs ? 'x' : 'f', $1 ? plain($2) : $2, $line)
      : die "the list has a line that means nothing: $line\n";
    $runs = 0;
    next if is_apart($path);
    $want{$path} = [$kind, $value];
    within($path, \%inner);
}

sub is_right {
    my ($path) = @_;
    my ($kind, $value) = @{$want{$path}};
    return readlink($path) eq $value if $kind eq 'l' && -l $path;
    return 1 if $kind eq 'd' && -d $path && !-l $path;
    return -f $path && !-l $path && ($kind eq 'x') == !!((stat $path)[2] & 0111) if $kind =~ /[fx]/;
    return 0;
}

sub names_in {
    my ($folder) = @_;
    opendir my $open, $folder eq '' ? '.' : $folder or die "cannot read $folder: $!\n";
    return grep { $_ ne '.' && $_ ne '..' } readdir $open;
}

sub remove {
    my ($path) = @_;
    if (-d $path && !-l $path) { remove("$path/$_") for names_in($path); rmdir $path or die "cannot remove $path: $!\n"; }
    else { unlink $path or die "cannot remove $path: $!\n"; }
}

sub walk {
    my ($folder) = @_;
    for my $name (names_in($folder)) {
        my $path = $folder eq '' ? $name : "$folder/$name";
        next if is_apart($path);
        if (($inner{$path} || $way{$path}) && -d $path && !-l $path) { walk($path); }
        elsif ($inner{$path} || !$want{$path}) { remove($path) if $mode eq 'clean'; }
        elsif ($want{$path}[0] eq 'd' && $mode eq 'clean' && -d $path && !-l $path) { remove("$path/$_") for names_in($path); }
    }
}

walk('');
for my $path (sort keys %inner) { push @wrong, $path if !is_apart($path) && (-l $path || !-d $path); }
for my $path (sort keys %want) {
    if (!is_right($path)) { push @wrong, $path; }
    elsif ($want{$path}[0] =~ /[fx]/) { print "$want{$path}[1]\n"; }
}
print STDERR map { "$_ is not what was built\n" } @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)];
exit(@wrong ? 1 : 0);
