# Copies what a program prints to its journal, with secrets replaced the way src/remote/mask.ts replaces them. Pieces
# go on as they come; only what may be the beginning of a secret is held back. The forms to look for are read from file
# descriptor 5, which is `.mask`, each after its length, the longest first. The argument is the key of the run: behind it
# comes the verdict, which is no output.

unlink '.mask';
open my $file, '<&=5' or exit 1;
my ($key) = @ARGV;
my @forms = do { local $/; unpack '(N/a)*', <$file> };
exit 1 unless @forms && length $key;

my $any = join '|', map { quotemeta } @forms;
$any = qr/(\Q$key\E)|$any/;

# A form within one line cannot begin before the last newline that was read, and most are such.
my ($flat, $tall) = ({}, {});
for my $form ($key, @forms) {
    my $kind = $form =~ /\n/ ? $tall : $flat;
    push @{ $kind->{of}{ substr $form, 0, 1 } }, $form;
    $kind->{longest} = length $form if length $form > ($kind->{longest} || 0);
}

my ($held, $over) = ('', 0);
# 4 is EINTR: naming it would load a module.
while (1) {
    # Whoever waits for a whole line must not wait for the next one: after a moment of silence it goes on.
    my $ready = '';
    vec($ready, 0, 1) = 1;
    my $more = select $ready, undef, undef, $held =~ /\n/ ? 0.2 : undef;
    next if $more < 0;
    if (!$more) { release(); next }
    my $read = sysread STDIN, $held, 65536, length $held;
    next if !defined $read && $! == 4;
    last unless $read;
    pass(0);
}
pass(1);

# Writes what is held of whole lines.
sub release {
    my $rest = substr $held, 1 + rindex($held, "\n"), length $held, '';
    pass(1);
    $held = $rest;
}

# Writes what is certain by now; at the end, everything.
sub pass {
    my ($last) = @_;
    my ($out, $at) = ('', 0);
    until ($over) {
        pos($held) = $at;
        my $found = $held =~ /$any/g;
        my ($from, $to) = $found ? ($-[0], $+[0]) : (length $held, length $held);
        $over = defined $1 if $found;
        my $cut = $last ? undef : earliest($at, $from);
        if (defined $cut) { $over = 0; $from = $to = $cut }
        $out .= substr $held, $at, $from - $at;
        $to = $from if $over;
        $out .= '[secret]' if $to > $from;
        $at = $to;
        last if !$found || defined $cut;
    }
    $held = substr $held, $at;
    ($out, $held) = ($out . $held, '') if $over || $last;
    say_all($out);
}

# Where the text between $at and $until begins that may still turn out to be a secret.
sub earliest {
    my ($at, $until) = @_;
    my $line = 1 + rindex $held, "\n";
    my @found = grep { defined } begun($tall, $at, $until), begun($flat, $line > $at ? $line : $at, $until);
    my ($first) = sort { $a <=> $b } @found;
    return $first;
}

sub begun {
    my ($kind, $at, $until) = @_;
    my $size = length $held;
    my $near = $size - ($kind->{longest} || 0) + 1;
    for (my $p = $near > $at ? $near : $at; $p <= $until && $p < $size; $p++) {
        my $forms = $kind->{of}{ substr $held, $p, 1 } or next;
        my $tail = substr $held, $p;
        for (@$forms) { return $p if length $_ > $size - $p && substr($_, 0, $size - $p) eq $tail }
    }
    return;
}

sub say_all {
    my ($out) = @_;
    while (length $out) {
        my $written = syswrite STDOUT, $out;
        next if !defined $written && $! == 4;
        exit 1 unless $written;
        substr $out, 0, $written, '';
    }
}
