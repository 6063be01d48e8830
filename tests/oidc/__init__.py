"""A certified OpenID provider (oidc-provider from npm), started by the tests that need one."""
