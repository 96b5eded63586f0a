"""Who gets what: the answer to every address, by kind of person.

`login` and `again` send the person to sign in, or to prove who they are once more; `file` leads to a signed
link; everything else is the status. `=` stands for as many of what is before it as are left. The columns are
`tests.support.world.PEOPLE`: `staff` is a platform admin without a session, sales somebody at the sales desk,
support and admin after it are in a session; the last four are an owner, of an organisation that is suspended,
closed, entered by another organisation's single sign-on, or that wants the second factor which the owner has
not.
"""

from tests.support.access_calls import Call
from tests.support.world import PEOPLE

ANSWERS = """
# For everybody
healthz                              GET     200   200     =
readyz                               GET     503   503     =
metrics                              GET     200   200     =
outbox                               GET     404   404     =
model                                GET     200   200     =
questions                            GET     200   200     =
cohorts                              GET     200   200     =
science                              GET     200   200     =
how-it-works                         GET     200   200     =
data-protection                      GET     200   200     =
faq                                  GET     200   200     =
action-units                         GET     200   200     =
action-unit                          GET     200   200     =
robots                               GET     200   200     =
sitemap                              GET     200   200     =
# A person's own account
#                                           anon strng owner admin anlst revwr viewr guest staff sales suppt admin suspd closd   sso 1fact
account                              GET   login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
account_security                     GET   login   200   200   200   200   200   200   200   200   200   200   200   200   200   403   200
usersessions_list                    GET   login   200   200   200   200   200   200   200   200   200   200   200   200   200   403   200
usersessions_list                    POST  login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
account_end_session                  POST  login   404   404   404   404   404   404   404   404   404   404   404   404   404   403   404
mfa_index                            GET   login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
mfa_authenticate                     GET   login   302     =
mfa_reauthenticate                   GET   login again again again again again again again   200   200   200   200 again again   403 again
mfa_activate_totp                    GET   login   200   200   200   200   200   200   200   302   302   302   302   200   200   403   200
mfa_deactivate_totp                  GET   login   404   404   404   404   404   404   404   200   200   200   200   404   404   403   404
mfa_deactivate_totp                  POST  login   404   404   404   404   404   404   404   302   302   302   302   404   404   403   404
mfa_view_recovery_codes              GET   login   404   404   404   404   404   404   404   404   404   404   404   404   404   403   404
mfa_generate_recovery_codes          GET   login   200   200   200   200   200   200   200   200   200   200   200   200   200   403   200
mfa_generate_recovery_codes          POST  login   200   200   200   200   200   200   200   302   302   302   302   200   200   403   200
mfa_download_recovery_codes          GET   login   404   404   404   404   404   404   404   404   404   404   404   404   404   403   404
mfa_list_webauthn                    GET   login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
mfa_add_webauthn                     GET   login   200   200   200   200   200   200   200   200   200   200   200   200   200   403   200
mfa_reauthenticate_webauthn          GET   login again again again again again again again again again again again again again   403 again
mfa_remove_webauthn                  GET   login   404   404   404   404   404   404   404   404   404   404   404   404   404   403   404
mfa_edit_webauthn                    GET   login   404   404   404   404   404   404   404   404   404   404   404   404   404   403   404
mfa_login_webauthn                   GET   login   302     =
account_login                        GET     200   302     =
account_logout                       GET   login   200     =
account_logout                       POST  login login     =
account_inactive                     GET     200   200     =
account_signup                       GET     200   302     =
account_reauthenticate               GET   login   200   200   200   200   200   200   200   200   200   200   200   200   200   403   200
account_reauthenticate               POST  login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
account_email                        GET   login   200   200   200   200   200   200   200   200   200   200   200   200   200   403   200
account_email                        POST  login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
account_email_verification_sent      GET     200   200     =
account_confirm_email                GET     200   200     =
account_confirm_email                POST    404   404     =
account_change_password              GET   login   200   200   200   200   200   200   200   200   200   200   200   200   200   403   200
account_change_password              POST  login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
account_set_password                 GET   login   302   302   302   302   302   302   302   302   302   302   302   302   302   403   302
account_reset_password               GET     200   200     =
account_reset_password_done          GET     200   200     =
account_reset_password_from_key_done GET     200   200     =
account_reset_password_from_key      GET     200   200     =
# Ways in and files
home                                 GET     200   302   302   302   302   302   302   302   302   302   302   302   302   200   200   302
organisations                        GET   login   200   200   200   200   200   200   200   302   302   302   302   200     =
invitation                           GET     200   200   200   200   200   200   200   200   200   200   200   200   200   404   200     =
invitation                           POST    302   200   200   200   200   200   200   200   200   200   200   200   200   404   200     =
consent                              GET    200   200     =
consent                              POST   302   302   403   403   403   403   403   403   302   302   302   302   403   403   403   403
consent-own-withdraw                 GET    200   200     =
consent-own-withdraw                 POST   302   302   403   403   403   403   403   403   302   302   302   302   403   403   403   403
consent-own-copy                     GET    200   200     =
consent-own-rights                   GET    200   200     =
consent-own-rights                   POST   302   302     =
part                                 GET     405   405     =
part                                 PUT     200   200     =
file                                 GET     200   200   200   200   200   200   200   200   200   200   200   200   200   404   200     =
particulars                          GET     200   200     =
left                                 GET     200   200     =
left-certificate                     GET     200   200     =
retention-public                     GET     404   404     =
certificates                         GET     200   200     =
certificates                         POST    200   200     =
sso-start                            GET     200   200     =
sso-start                            POST    200   200     =
sso-again                            GET   login again again again again again again again again again again again again again   200 again
sso-link                             GET     400   400     =
sso-callback                         GET     400   400     =
# The platform
#                                           anon strng owner admin anlst revwr viewr guest staff sales suppt admin suspd closd   sso 1fact
platform                             GET   login   404   404   404   404   404   404   404   200   404   200   200   404   404   403   404
platform-organisation-new            GET   login   404   404   404   404   404   404   404   200   404   404   200   404   404   403   404
platform-organisation-new            POST  login   404   404   404   404   404   404   404   302   404   404   302   404   404   403   404
platform-organisation                GET   login   404   404   404   404   404   404   404   200   404   404   200   404   404   403   404
platform-owner                       GET   login   404   404   404   404   404   404   404   200   404   404   200   404   404   403   404
platform-owner                       POST  login   404   404   404   404   404   404   404   409   404   404   409   404   404   403   404
platform-quotas                      GET   login   404   404   404   404   404   404   404   200   404   404   200   404   404   403   404
platform-quotas                      POST  login   404   404   404   404   404   404   404   302   404   404   302   404   404   403   404
platform-suspend                     GET   login   404   404   404   404   404   404   404   200   404   404   200   404   404   403   404
platform-suspend                     POST  login   404   404   404   404   404   404   404   302   404   404   302   404   404   403   404
platform-reopen                      POST  login   404   404   404   404   404   404   404   302   404   404   302   404   404   403   404
platform-close                       GET   login   404   404   404   404   404   404   404   200   404   404   200   404   404   403   404
platform-close                       POST  login   404   404   404   404   404   404   404   302   404   404   302   404   404   403   404
platform-operations                  GET   login   404   404   404   404   404   404   404   200   404   404   200   404   404   403   404
platform-retry                       POST  login   404   404   404   404   404   404   404   302   404   404   302   404   404   403   404
platform-session-new                 GET   login   404   404   404   404   404   404   404   200   404   200   200   404   404   403   404
platform-session-new                 POST  login   404   404   404   404   404   404   404   302   404   200   200   404   404   403   404
platform-session-end                 POST  login   404   404   404   404   404   404   404   404   404   302   302   404   404   403   404
# Free samples
sample                               GET     200   200     =
sample                               POST    302   302     =
sample-sent                          GET     200   200     =
sample-sent                          POST    200   200     =
sample-example                       GET     200   200     =
sample-example-pdf                   GET     200   200     =
sample-upload                        POST    409   409     =
sample-upload-announce               POST    409   409     =
sample-upload-token                  GET     409   409     =
sample-upload-facts                  GET     409   409     =
sample-upload-links                  POST    409   409     =
sample-upload-finish                 POST    409   409     =
sample-upload-abort                  POST    409   409     =
sample-visit                         GET     200   200     =
sample-confirm                       POST    302   302   302   302   302   302   302   302   403   403   302   403   302     =
sample-answer                        POST    302   302   302   302   302   302   302   302   403   403   302   403   302     =
sample-withdraw                      GET     200   200     =
sample-withdraw                      POST    302   302     =
sample-copy                          GET     200   200     =
sample-certificate                   GET     200   200     =
sample-code                          POST    302   302     =
sample-open                          POST    302   302     =
sample-report                        GET     302   302     =
# The sales desk
#                                           anon strng owner admin anlst revwr viewr guest staff sales suppt admin suspd closd   sso 1fact
desk                                 GET     login   404   404   404   404   404   404   404   200   200   404   200   404   404   403   404
desk-new                             GET     login   404   404   404   404   404   404   404   200   200   404   200   404   404   403   404
desk-new                             POST    login   404   404   404   404   404   404   404   201   201   404   201   404   404   403   404
desk-export                          GET     login   404   404   404   404   404   404   404   200   200   404   200   404   404   403   404
desk-figures                         GET     login   404   404   404   404   404   404   404   200   200   404   200   404   404   403   404
desk-sample                          GET     login   404   404   404   404   404   404   404   200   200   404   200   404   404   403   404
desk-assign                          POST    login   404   404   404   404   404   404   404   302   302   404   302   404   404   403   404
desk-tag                             POST    login   404   404   404   404   404   404   404   302   302   404   302   404   404   403   404
desk-ask                             POST    login   404   404   404   404   404   404   404   302   302   404   302   404   404   403   404
desk-note                            POST    login   404   404   404   404   404   404   404   302   302   404   302   404   404   403   404
desk-decline                         POST    login   404   404   404   404   404   404   404   302   302   404   302   404   404   403   404
desk-deliver                         POST    login   404   404   404   404   404   404   404   302   302   404   302   404   404   403   404
desk-convert                         POST    login   404   404   404   404   404   404   404   302   302   404   302   404   404   403   404
desk-link                            POST    login   404   404   404   404   404   404   404   201   201   404   201   404   404   403   404
# An organisation
#                                           anon strng owner admin anlst revwr viewr guest staff sales suppt admin suspd closd   sso 1fact
members                              GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
members                              POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
member                               GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
member                               POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
member-remove                        POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
member-transfer                      POST  login   404   302   403   403   403   403   403   404   404   403   403   403   404   404   403
invitation-send                      POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
invitation-withdraw                  POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
leave                                GET   login   404   200   200   200   200   200   200   404   404   409   409   403   404   404   403
leave                                POST  login   404   409   302   302   302   302   302   404   404   409   409   403   404   404   403
roles                                GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
organisation-settings                GET   login   404   200   200   403   403   403   403   404   404   403   200   403   404   404   403
organisation-settings                POST  login   404   302   302   403   403   403   403   404   404   403   302   403   404   404   403
security                             GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
security-switch                      POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso                                  GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
sso-domains                          GET   login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-domains                          POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-domain                           GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
sso-domain-check                     GET   login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-domain-check                     POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-domain-remove                    GET   login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-domain-remove                    POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider                         GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider                         POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider-on                      GET   login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider-on                      POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider-off                     GET   login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider-off                     POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider-remove                  GET   login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-provider-remove                  POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-unlink                           GET   login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
sso-unlink                           POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
tokens                               GET   login   404   200   200   200   200   403   403   404   404   403   403   403   404   404   403
token-new                            GET   login   404   200   200   200   200   403   403   404   404   403   403   403   404   404   403
token-new                            POST  login   404   201   201   201   201   403   403   404   404   403   403   403   404   404   403
token-revoke                         POST  login   404   302   302   404   404   403   403   404   404   403   403   403   404   404   403
audit                                GET   login   404   200   200   403   403   403   403   404   404   200   200   403   404   404   403
audit-check                          POST  login   404   302   302   403   403   403   403   404   404   302   302   403   404   404   403
audit-export                         GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
staff-access                         GET   login   404   200   200   403   403   403   403   404   404   200   200   403   404   404   403
staff-end                            POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
offboarding                          GET   login   404   200   403   403   403   403   403   404   404   403   403   403   404   404   403
offboarding-export                   POST  login   404   302   403   403   403   403   403   404   404   403   403   403   404   404   403
offboarding-part                     GET   login   404  file   403   403   403   403   403   404   404   403   403   403   404   404   403
offboarding-leave                    GET   login   404   200   403   403   403   403   403   404   404   403   403   403   404   404   403
offboarding-leave                    POST  login   404   302   403   403   403   403   403   404   404   403   403   403   404   404   403
rights                               GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
rights-new                           GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
rights-new                           POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
rights-request                       GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
rights-request                       POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
rights-copy                          POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
rights-correct                       POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
rights-erase                         POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
rights-download                      GET   login   404  file  file   403   403   403   403   404   404   403   403   403   404   404   403
retention                            GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
retention-extend                     POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
retention-policies                   GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
retention-publish                    POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
retention-policy                     GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
retention-policy                     POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
erasures                             GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
erasure                              GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
certificate                          GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
certificate-pdf                      GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
holds                                GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
hold-place                           GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
hold-place                           POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
hold-release                         POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
project-retention                    GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
project-retention-policy             GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
project-retention-policy             POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
projects                             GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
project-new                          GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
project-new                          POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
project-edit                         GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
project-edit                         POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
project-use                          GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
project-use-new                      GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
project-use-new                      POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
project-use-confirm                  POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
subjects                             GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
subjects                             POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
subject                              GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
subject                              POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
texts                                GET  login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
text-new                             GET  login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
text-new                             POST login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
text                                 GET  login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
text-edit                            GET  login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
text-edit                            POST login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
text-publish                         POST login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
text-drop                            POST login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
subject-consent                      GET  login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
consent-ask                          GET  login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
consent-ask                          POST login   404   201   201   201   403   403   403   404   404   403   403   403   404   404   403
consent-record                       GET  login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
consent-record                       POST login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
consent-notice                       GET  login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
consent-notice                       POST login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
consent-link                         POST login   404   201   201   201   403   403   403   404   404   403   403   403   404   404   403
consent-take-back                    POST login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
consent-withdraw                     GET  login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
consent-withdraw                     POST login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
consent-form                         GET  login   404  file  file  file   403   403   403   404   404   403   403   403   404   404   403
# Recordings
analysis:recordings                  GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
analysis:progress                    GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
analysis:upload                      GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
analysis:upload                      POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:upload-announce             POST  login   404   201   201   201   403   403   403   404   404   403   403   403   404   404   403
analysis:upload-token                GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
analysis:upload-facts                GET   login   404   200   404   404   403   403   403   404   404   403   403   403   404   404   403
analysis:upload-links                POST  login   404   201   404   404   403   403   403   404   404   403   403   403   404   404   403
analysis:upload-finish               POST  login   404   409   404   404   403   403   403   404   404   403   403   403   404   404   403
analysis:upload-abort                POST  login   404   302   404   404   403   403   403   404   404   403   403   403   404   404   403
analysis:recording                   GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
analysis:recording-cancel            POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:recording-subject           POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:recording-rerun             POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:recording-neutral           GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
analysis:recording-neutral           POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:run-people                  GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
analysis:run-people                  POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:recording-delete            GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
analysis:recording-delete            POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:neutral-keep                POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:project                     GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
analysis:neutral-reset               POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:subject-cohort              GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
analysis:subject-cohort              POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:document-upload             POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
analysis:document-download           GET   login   404  file  file  file  file  file   403   404   404  file  file   403   404   404   403
analysis:document-delete             GET   login   404   200   200   200   403   403   403   404   404   403   403   403   404   404   403
analysis:document-delete             POST  login   404   302   302   302   403   403   403   404   404   403   403   403   404   404   403
# Results
reports:result                       GET   login   404   200   200   200   200   200   200   404   404   200   200   403   404   404   403
reports:share                        GET   login   404   200   200   403   403   403   403   404   404   403   403   403   404   404   403
reports:reviews                      GET   login   404   200   200   200   200   200   403   404   404   200   200   403   404   404   403
reports:review                       GET   login   404   200   200   403   200   403   403   404   404   403   403   403   404   404   403
reports:review                       POST  login   404   302   302   403   302   403   403   404   404   403   403   403   404   404   403
reports:render-again                 POST  login   404   302   302   403   302   403   403   404   404   403   403   403   404   404   403
reports:share                        POST  login   404   302   302   403   403   403   403   404   404   403   403   403   404   404   403
reports:download                     GET   login   404  file  file  file  file   403   403   404   404   403   403   403   404   404   403
"""  # noqa: E501 - a table


def _parsed(line: str) -> tuple[Call, dict[str, str]]:
    name, method, *answers = line.split()
    if answers[-1] == "=":
        answers = answers[:-1] + [answers[-2]] * (len(PEOPLE) - len(answers) + 1)
    return (name, method), dict(zip(PEOPLE, answers, strict=True))


TABLE = dict(_parsed(line) for line in ANSWERS.strip().splitlines() if not line.startswith("#"))
