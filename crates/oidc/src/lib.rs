//! Signing in through an OpenID Connect provider (nhà cung cấp danh tính): the part that knows the protocol and nothing of An Sinh.
//!
//! Authorization code with PKCE (S256), `state`, `nonce` and the issuer in the answer (RFC 9207). ID tokens signed with RS256 or ES256 by a
//! key of the provider; everything else (`none`, HMAC, keys that a token brings along) is refused. A sign-out there comes as a logout token
//! (Back-Channel Logout 1.0) and is checked like one. What the provider is comes from its
//! discovery document and the settings; nothing is known of any provider beforehand. Time is an argument, in Unix milliseconds.
//!
//! Own checks over the signature crates the workspace has anyway: the `openidconnect` crate brings a second set of them (rsa 0.9, sha2 0.10,
//! rand 0.8), chrono and some sixty crates more, and leaves `azp` unchecked.

mod discovery;
mod encoding;
mod error;
mod http;
mod keys;
mod logout;
mod provider;
mod settings;
mod token;

pub use encoding::challenge;
pub use error::{OidcError, TokenFault};
pub use logout::SignedOut;
pub use provider::{Answer, Provider, Report};
pub use settings::{Secret, Settings};
pub use token::Identity;
