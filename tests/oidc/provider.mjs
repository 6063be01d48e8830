// A certified OpenID provider for tests. The environment says who it is, who can sign in there, and who asks:
//   OIDC_ISSUER    where it answers; only 127.0.0.1 is listened on
//   OIDC_ACCOUNTS  {"rita": {"email": "rita@cheapcall.example", "email_verified": true, "name": "Rita"}, …}
//   OIDC_CLIENTS   clients as oidc-provider takes them
//   OIDC_TTL       seconds that an ID token lasts
//   OIDC_KEY       the private key that it signs with, as a JWK
// It reads the e-mail of an ID token from there unless OIDC_CONFORM is set: then only the user info has it.
import Provider from 'oidc-provider';

const { OIDC_ISSUER, OIDC_ACCOUNTS, OIDC_CLIENTS, OIDC_TTL, OIDC_KEY, OIDC_CONFORM } = process.env;
const accounts = JSON.parse(OIDC_ACCOUNTS);

const provider = new Provider(OIDC_ISSUER, {
  clients: JSON.parse(OIDC_CLIENTS),
  jwks: { keys: [JSON.parse(OIDC_KEY)] },
  cookies: { keys: ['only for tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: Boolean(OIDC_CONFORM),
  pkce: { required: () => true },
  ttl: { IdToken: Number(OIDC_TTL), AccessToken: 300, AuthorizationCode: 60, Interaction: 600, Session: 600, Grant: 600 },
  // Whoever types the name of an account into its form is that account.
  findAccount: (_ctx, id) => id in accounts && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
});

const { hostname, port } = new URL(OIDC_ISSUER);
provider.listen(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname, () => console.log('ready'));
process.stdin.on('end', () => process.exit()).resume(); // whoever started it is gone
