#!/usr/bin/perl
# What people of the team reach by SSH instead of a shell: git, on repositories of the hub, and nothing else.
# The hub writes this file anew whenever it starts; docs/formats/pushes.md says what it reads.
use strict;
use warnings;

my $limit_s = 7200;
my ($who, $may) = @ARGV;
my $asked = defined $ENV{SSH_ORIGINAL_COMMAND} ? $ENV{SSH_ORIGINAL_COMMAND} : '';
my $protocol = defined $ENV{GIT_PROTOCOL} ? $ENV{GIT_PROTOCOL} : '';
my ($folder) = $0 =~ m{\A(/.*)/[^/]+\z}s or refuse('this program is not called by its whole path', 'ask who keeps the hub');

my ($service, $repo) = $asked =~ m{\Agit[ -](upload-pack|receive-pack) '/?([a-z][a-z0-9-]{0,23})\.git'\z}
  or refuse("$who may use git here, and nothing else", 'clone USER@HUB:NAME.git');
my (%clean, %repos);
open(my $door, '<', "$folder/door") or refuse('the hub has not said what is here', 'start it (`tandem hub`)');
while (my $said = <$door>) {
  $clean{$1} = $2 if $said =~ /\Aenv ([A-Z_0-9]+) (.*)\n\z/;
  $repos{$1} = $2 if $said =~ /\Arepo ([a-z0-9-]+) (.+)\n\z/;
}
close($door);

my $held = $repos{$repo};
refuse("there is no repository called $repo", "add `$repo: {}` to `repos` in tandem.ts") unless defined $held;
if ($service eq 'receive-pack') {
  refuse("$who may look, not push", "ask for `may: 'everything'` in tandem.ts") unless $may eq 'everything';
  refuse("$repo is not held here", "push to $held") unless $held eq 'here';
}
%ENV = (%clean, TANDEM_WHO => $who);
$ENV{GIT_PROTOCOL} = $protocol if $protocol =~ /\Aversion=[012]\z/;
# It stays set when git takes this place.
alarm($limit_s);
(my $state = $folder) =~ s{/[^/]+\z}{};
exec('git', $service, "$state/repos/$repo.git") or refuse('git could not be started', 'is it installed on the hub?');

sub refuse {
  my ($why, $now) = @_;
  print STDERR "refused: $why\n  now: $now\n";
  exit 1;
}
