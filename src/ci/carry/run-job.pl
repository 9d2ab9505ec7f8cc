# run-job.pl MARK KEEP_FREE_KIB MEMORY_BYTES GRACE_S SILENCE_S: runs the command in the file `argv` with the environment
# in the file `env`, looks after it, and says how it ended in a line that begins with MARK. Words come by the FIFO `ctl`:
# `stop`, `done` when what the job left has been fetched, and anything else as a sign that somebody is there.
use strict;
use warnings;
use Fcntl;
use POSIX qw(:sys_wait_h);

my ($mark, $keep_free_kib, $memory_bytes, $grace, $silence) = @ARGV;
my $fetch_within = 600;
$| = 1;

sub words_in {
  my ($name) = @_;
  local $/;
  open my $file, '<', $name or die "$name: $!\n";
  my @words = split /\0/, <$file>;
  unlink $name;
  return @words;
}

my @argv = words_in('argv');
my %env = map { split /=/, $_, 2 } words_in('env');

sub text_of {
  my ($path) = @_;
  local $/;
  open my $file, '<', $path or return '';
  return <$file> // '';
}

if (!$memory_bytes) {
  my ($kib) = text_of('/proc/meminfo') =~ /^MemTotal: +(\d+)/m;
  $memory_bytes = $kib * 1024 * 0.75;
}

# Two names may point to one pipe; this end never sees its end.
sysopen my $ctl, 'ctl', O_RDWR | O_NONBLOCK or die "ctl: $!\n";
my $rest = '';

sub words_told {
  my ($wait) = @_;
  my $ready = '';
  vec($ready, fileno $ctl, 1) = 1;
  return () if select($ready, undef, undef, $wait) < 1;
  sysread $ctl, $rest, 4096, length $rest;
  my @lines = split /\n/, $rest, -1;
  $rest = pop @lines // '';
  return @lines;
}

sub below {
  my @open = @_;
  my @found;
  while (defined(my $pid = shift @open) && @found < 20000) {
    my @children = map { split ' ', text_of($_) } glob "/proc/$pid/task/*/children";
    push @found, @children;
    push @open, @children;
  }
  return @found;
}

# What processes share counts once, and that is only asked where it matters.
sub uses_too_much {
  my @pids = @_;
  my ($resident, $own) = (0, 0);
  $resident += (split ' ', text_of("/proc/$_/statm"))[1] // 0 for @pids;
  return 0 if $resident * 4096 <= $memory_bytes;
  for my $pid (@pids) {
    my $text = text_of("/proc/$pid/smaps_rollup");
    $own += $1 while $text =~ /^(?:Pss_Anon|Pss_Shmem|SwapPss): +(\d+) kB/mg;
  }
  return $own * 1024 > $memory_bytes;
}

my $pid = fork // die "fork: $!\n";
if (!$pid) {
  open STDIN, '<', '/dev/null';
  open STDERR, '>&', \*STDOUT;
  close $ctl;
  %ENV = %env;
  exec { $argv[0] } @argv;
  exit 127;
}

my ($why, $code, $deadline, $heard) = ('exited', undef, undef, time);

sub stop {
  my ($reason, $wait) = @_;
  return if $why ne 'exited';
  $why = $reason;
  # The sandbox has two processes of its own; it ends with the first, and takes all in it along.
  my (undef, @inside) = below($pid);
  kill 'TERM', @inside if $wait;
  $deadline = time + $wait;
}

my $looked = 0;
until (defined $code) {
  for my $word (words_told(0.2)) {
    $heard = time;
    stop('stopped', $grace) if $word eq 'stop';
  }
  stop('stopped', $grace) if time - $heard > $silence;
  if (time != $looked) {
    $looked = time;
    my $free = (split ' ', (`df -Pk .`)[1] // '')[3];
    stop('disk full', 0) if defined $free && $free < $keep_free_kib;
  }
  stop('out of memory', 0) if uses_too_much(below($pid));
  kill 'KILL', $pid if defined $deadline && time >= $deadline;
  if (waitpid($pid, WNOHANG) == $pid) {
    $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
  }
}
print "\n$mark\t$why\t$code\t\n";

my $until = time + $fetch_within;
while (time < $until) {
  last if grep { $_ eq 'done' } words_told(1);
}
