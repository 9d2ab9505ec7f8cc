#!/usr/bin/perl
# What people of the team reach by SSH instead of a shell: git, on repositories of the hub, and nothing else.
# The hub writes this file anew whenever it starts; docs/formats/pushes.md says what it reads.
use strict;
use warnings;
use Fcntl qw(LOCK_EX LOCK_NB);

# What is open now stays open in git, so that the place of a push is free when git ends, however it ends.
$^F = 255;
my $limit_s = 7200;
my ($who, $may) = @ARGV;
my $asked = defined $ENV{SSH_ORIGINAL_COMMAND} ? $ENV{SSH_ORIGINAL_COMMAND} : '';
my $protocol = defined $ENV{GIT_PROTOCOL} ? $ENV{GIT_PROTOCOL} : '';
my ($folder) = $0 =~ m{\A(/.*)/[^/]+\z}s or refuse('this program is not called by its whole path', 'ask who keeps the hub');

my ($service, $repo) = $asked =~ m{\Agit[ -](upload-pack|receive-pack) '/?([a-z][a-z0-9-]{0,23})\.git'\z}
  or refuse("$who may use git here, and nothing else", 'clone USER@HUB:NAME.git');
my (%clean, %repos, %limits);
open(my $door, '<', "$folder/door") or refuse('the hub has not said what is here', 'start it (`tandem hub`)');
while (my $said = <$door>) {
  $clean{$1} = $2 if $said =~ /\Aenv ([A-Z_0-9]+) (.*)\n\z/;
  $repos{$1} = $2 if $said =~ /\Arepo ([a-z0-9-]+) (.+)\n\z/;
  $limits{$1} = $2 if $said =~ /\Alimit ([a-z-]+) (\d+)\n\z/;
  $limits{"$2 $1"} = $3 if $said =~ /\Alimit-of ([a-z0-9-]+) ([a-z-]+) (\d+)\n\z/;
}
close($door);

my $held = $repos{$repo};
refuse("there is no repository called $repo", "add `$repo: {}` to `repos` in tandem.ts") unless defined $held;
if ($service eq 'receive-pack') {
  refuse("$who may look, not push", "ask for `may: 'everything'` in tandem.ts") unless $may eq 'everything';
  refuse("$repo is not held here", "push to $held") unless $held eq 'here';
}
(my $state = $folder) =~ s{/[^/]+\z}{};
my @git = ('git', $service, "$state/repos/$repo.git");
my $place = $service eq 'receive-pack' ? 'pushes' : 'fetches';
my ($nth, $held_open) = place_among($limits{$place});
refuse("$limits{$place} $place are at work here already", 'try again soon') unless defined $held_open;
if ($service eq 'receive-pack') {
  refuse('the disk of the hub is too full to take a push', 'make room there, then push again')
    if free_bytes("$state/repos") < $nth * $limits{"room $repo"};
  unshift @git, 'prlimit', '--data=' . $limits{"memory $repo"}, '--' if $^O eq 'linux';
}
%ENV = (%clean, TANDEM_WHO => $who, TANDEM_PLACE => fileno($held_open));
$ENV{GIT_PROTOCOL} = $protocol if $protocol =~ /\Aversion=[012]\z/;
# It stays set when git takes this place.
alarm($limit_s);
exec(@git) or refuse('git could not be started', 'is it installed on the hub?');

# A file that is locked is a place that is taken. Whoever holds one goes on holding it as git.
sub place_among {
  my ($most) = @_;
  mkdir("$folder/places", 0700);
  for my $nth (1 .. $most) {
    open(my $file, '>', "$folder/places/$place-$nth") or next;
    return ($nth, $file) if flock($file, LOCK_EX | LOCK_NB);
    close($file);
  }
  return ();
}

sub free_bytes {
  my ($path) = @_;
  open(my $df, '-|', 'df', '-P', '-k', '--', $path) or return 0;
  my @lines = <$df>;
  close($df);
  return ($lines[-1] // '') =~ /\s(\d+)\s+\d+%\s/ ? $1 * 1024 : 0;
}

sub refuse {
  my ($why, $now) = @_;
  print STDERR "refused: $why\n  now: $now\n";
  exit 1;
}
