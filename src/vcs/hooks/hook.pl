#!/usr/bin/perl
# Asks the hub whether a push may be (pre-receive), or tells it that one was (post-receive).
# The hub writes this file anew whenever it starts; docs/formats/pushes.md says what goes over the socket.
use strict;
use warnings;
use Cwd ();
use Fcntl qw(LOCK_UN);
use IO::Handle ();
use IO::Poll qw(POLLERR POLLIN);
use Socket;

my $waits_s = 600;
my $looks_s = 2;
my ($folder, $hook) = $0 =~ m{\A(?:(.*)/)?([^/]+)\z}s;
my $repo = Cwd::getcwd();
chdir(defined $folder ? $folder : '.') or refuse('the folder of the hooks is gone');

my @moves = <STDIN>;
my $who = defined $ENV{TANDEM_WHO} ? $ENV{TANDEM_WHO} : (getpwuid($<))[0];
my @head = ("hook $hook\n", "repo $repo\n", 'who ' . line($who) . "\n");
push @head, 'exchange ' . line($ENV{TANDEM_EXCHANGE}) . "\n" if defined $ENV{TANDEM_EXCHANGE};
push @head, 'quarantine ' . line($ENV{GIT_QUARANTINE_PATH}) . "\n" if defined $ENV{GIT_QUARANTINE_PATH};
for my $at (1 .. ($ENV{GIT_PUSH_OPTION_COUNT} || 0)) {
  push @head, 'option ' . line($ENV{'GIT_PUSH_OPTION_' . ($at - 1)}) . "\n";
}
my $text = join('', "tandem-push 1\n", @head, (map { "move $_" } @moves), "over\n");

my $kept = $hook eq 'post-receive' ? keep($text) : undef;
give_place_up() if $hook eq 'post-receive' && ($ENV{TANDEM_PLACE} // '') =~ /\A\d+\z/;
$text =~ s/over\n\z/kept $kept\nover\n/ if defined $kept;
$SIG{ALRM} = sub { refuse('the hub took too long to look at it') };
alarm($waits_s) if $hook eq 'pre-receive';
my $hub = connected() or refuse('the hub does not run');
local $SIG{PIPE} = 'IGNORE';
print {$hub} $text;
$hub->flush();
my $git = getppid();
my $door = parent($git);
my $eyes = IO::Poll->new();
$eyes->mask($hub => POLLIN);
$eyes->mask(\*STDERR => POLLERR);
for (my $said = ''; ;) {
  $eyes->poll($looks_s);
  # Who pushed may leave: the hub learns it from our leaving. Git itself stays until we end, when they came by SSH.
  exit(0) if $hook eq 'post-receive' && ($eyes->events(\*STDERR) || parent($git) ne $door);
  next unless $eyes->events($hub);
  sysread($hub, $said, 4096, length($said)) or refuse('the hub went away');
  hear($1) while $said =~ s/\A(.*)\n//;
}

# One line of the hub.
sub hear {
  my ($said) = @_;
  if ($said =~ /\Asay (.*)\z/s) {
    local $SIG{PIPE} = 'DEFAULT';
    print STDERR "$1\n";
  }
  exit($1) if $said =~ /\Aend ([01])\z/;
}

# One line of the head.
sub line {
  my ($value) = @_;
  $value =~ s/[\x00-\x1f\x7f]/?/g;
  return substr($value, 0, 4096);
}

# Who came by SSH has a place among the pushes. One that is in is in nobody's way, however long it is followed.
sub give_place_up {
  open(my $place, '<&=', $ENV{TANDEM_PLACE}) or return;
  flock($place, LOCK_UN);
}

# A hub that dies now reads it when it starts: a name of its own appears at once and whole.
sub keep {
  my ($content) = @_;
  my $name = sprintf('%d-%d', time(), $$);
  my $path = "../spool/$name";
  return undef unless open(my $file, '>', "$path.draft");
  print {$file} $content and $file->flush() and $file->sync() and close($file) and rename("$path.draft", $path)
    or return undef;
  return $name;
}

# Who started a process; that changes when they end before it. Empty where nobody can tell.
sub parent {
  my ($pid) = @_;
  open(my $stat, '<', "/proc/$pid/stat") or return '';
  my $line = <$stat>;
  return defined $line && $line =~ /\A\d+ \(.*\) \S (\d+) /s ? $1 : '';
}

# The socket is ours, or nobody's that we would tell anything.
sub connected {
  my @found = stat('hub.sock');
  return undef unless @found && $found[4] == $> && -S _;
  socket(my $socket, PF_UNIX, SOCK_STREAM, 0) or return undef;
  connect($socket, sockaddr_un('hub.sock')) or return undef;
  return $socket;
}

# A push is refused while nobody can look at it; one that was is told later.
sub refuse {
  my ($why) = @_;
  if ($hook eq 'post-receive') {
    print STDERR "$why; it goes on with this push when it is back\n";
    exit 0;
  }
  print STDERR "refused: $why, so nobody can look at this push\n", "  now: start it (`tandem hub`), then push again\n";
  exit 1;
}
