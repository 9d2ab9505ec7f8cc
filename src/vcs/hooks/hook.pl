#!/usr/bin/perl
# Asks the hub whether a push may be (pre-receive), or tells it that one was (post-receive).
# The hub writes this file anew whenever it starts; docs/formats/pushes.md says what goes over the socket.
use strict;
use warnings;
use Cwd ();
use IO::Handle ();
use Socket;

my $waits_s = 600;
my ($folder, $hook) = $0 =~ m{\A(?:(.*)/)?([^/]+)\z}s;
my $repo = Cwd::getcwd();
chdir(defined $folder ? $folder : '.') or refuse('the folder of the hooks is gone');

my @moves = <STDIN>;
my $who = defined $ENV{TANDEM_WHO} ? $ENV{TANDEM_WHO} : (getpwuid($<))[0];
my @head = ("hook $hook\n", "repo $repo\n", 'who ' . line($who) . "\n");
push @head, 'quarantine ' . line($ENV{GIT_QUARANTINE_PATH}) . "\n" if defined $ENV{GIT_QUARANTINE_PATH};
for my $at (1 .. ($ENV{GIT_PUSH_OPTION_COUNT} || 0)) {
  push @head, 'option ' . line($ENV{'GIT_PUSH_OPTION_' . ($at - 1)}) . "\n";
}
my $text = join('', "tandem-push 1\n", @head, (map { "move $_" } @moves), "over\n");

my $kept = $hook eq 'post-receive' ? keep($text) : undef;
$text =~ s/over\n\z/kept $kept\nover\n/ if defined $kept;
$SIG{ALRM} = sub { refuse('the hub took too long to look at it') };
alarm($waits_s) if $hook eq 'pre-receive';
my $hub = connected() or refuse('the hub does not run');
local $SIG{PIPE} = 'IGNORE';
print {$hub} $text;
$hub->flush();
while (my $said = <$hub>) {
  if ($said =~ /\Asay (.*)\n\z/s) {
    local $SIG{PIPE} = 'DEFAULT';
    print STDERR "$1\n";
  }
  exit($1) if $said =~ /\Aend ([01])\n\z/;
}
refuse('the hub went away');

# One line of the head.
sub line {
  my ($value) = @_;
  $value =~ s/[\x00-\x1f\x7f]/?/g;
  return substr($value, 0, 4096);
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
