"""Single sign-on: whose domain it is, which provider it asks, and whom the answer lets in.

The OpenID Connect client is ours, thin, over PyJWT, and not allauth's provider of that name, for three
reasons. A provider and its identities are rows of a tenant, behind both fences; allauth keeps apps and
accounts in tables of the whole installation, by a uid that is no tenant's. Where a provider lies is what a
tenant's admin types, so every request our server makes to it goes through `outbound`, which refuses
addresses of the inside and pins the one it looked at. And an address that a provider tells must never find
an account by itself, which is what much of a social log-in library is there for.

What is OpenID Connect alone stands in `oidc`, `discovery` and `id_token`; the rest takes `Claims` and would
serve another protocol.
"""
