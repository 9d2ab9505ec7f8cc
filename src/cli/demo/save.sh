# Commits what was changed in the shop, with a message.
export GIT_CONFIG_NOSYSTEM=1
IFS= read -r dir <dir
IFS= read -r file <file
IFS= read -r message <message
cd "$dir" || exit 1
git commit -q -m "$message" -- "$file"
