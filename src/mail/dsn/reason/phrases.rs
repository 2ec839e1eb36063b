//! Words of mail servers, by what they mean.

use super::reasons::Reason;

/// What is looked for before the words about the user, the first that holds wins: they often hold the same words
/// ("domain of sender does not exist", "user unknown or over quota", "HELO rejected: host not found").
#[rustfmt::skip]
pub const BEFORE_THE_USER: &[(Reason, &[&str])] = &[
    (Reason::Sender, SENDER),
    (Reason::Policy, CLIENT),
    (Reason::Full, FULL),
    (Reason::TooBig, TOO_BIG),
    (Reason::System, LOCAL),
    (Reason::Network, FOR_NOW),
];

/// What is looked for behind them, in this order.
#[rustfmt::skip]
pub const BEHIND_THE_USER: &[(Reason, &[&str])] = &[
    (Reason::Relay, RELAY),
    (Reason::UnknownHost, UNKNOWN_HOST),
    (Reason::Moved, MOVED),
    (Reason::Disabled, DISABLED),
    (Reason::Authentication, AUTHENTICATION),
    (Reason::Rate, RATE),
    (Reason::Content, CONTENT),
    (Reason::Policy, POLICY),
    (Reason::Loop, LOOP),
    (Reason::Expired, EXPIRED),
    (Reason::Network, NETWORK),
    (Reason::System, SYSTEM),
];

#[rustfmt::skip]
const SENDER: &[&str] = &[
    "sender address rejected", "sender rejected", "sender was rejected", "domain of sender", "sender domain",
    "sender verify failed", "sender verification", "verification failed for", "verify sender",
    "sender address verification", "envelope sender", "invalid sender", "bad sender", "sender not allowed",
    "sender is not allowed", "sender unknown", "sender denied", "your domain", "return path", "from address", "from domain",
    "unauthenticated senders", "purported responsible address",
    "does not exist e2110", "you cannot send email to yourself", "after mail from", "reply to mail from",
    "response to mail from", "to mail from command", "mail from command", "sender does not exist",
    "sender not found", "sender is unknown", "sender is invalid", "your sending address", "fake sender", "forged sender",
    "no reverse path", "reverse-path", "reverse path",
];

/// The server refuses ours: its name in the greeting, its address, its name in the DNS.
#[rustfmt::skip]
const CLIENT: &[&str] = &[
    "helo", "ehlo", "client host", "client rejected", "client address", "client ip", "your ip", "your host",
    "your server", "your mail server", "your mailserver", "your mta", "your network", "your reverse", "reverse dns",
    "reverse lookup", "reverse hostname", "reverse host name", "rdns", "ptr record", "no ptr", "ptr lookup",
    "sending host", "sending server", "sending mta", "sending ip", "connecting host", "connecting ip",
    "connecting server", "remote host is not", "source ip", "hostname is invalid",
    "need fully-qualified hostname", "cannot find your hostname", "find your hostname", "find your reverse",
    "your hostname",  "dynamic ip", "dialup", "dial-up",
];

/// Nothing is said for good yet.
#[rustfmt::skip]
const FOR_NOW: &[&str] = &[
    "not found, try again", "not found; try again", "try again later", "try later", "try again in", "retry later",
    "temporarily failed", "temporary lookup", "temporary dns", "temporarily unable to", "temporarily rejected", "temporarily unavailable",
    "temporarily deferred", "temporary failure", "temporary error", "greylist", "graylist", "grey list",
    "lookup failure", "lookup error", "lookup timed out", "lookup failed", "name server: host not found",
    "unverified address", "cannot be verified at this time", 
    "verification in progress", 
];

#[rustfmt::skip]
const FULL: &[&str] = &[
    "mailbox full", "mailbox is full", "mailbox was full", "mailbox has been full", "inbox full",
    "inbox is full", "mailfolder is full", "mailbox too large", "mailbox is over", "mailbox over quota",
    "mailbox size limit", "mailbox exceeds", "mailbox exceeded", "exceeded its quota", "exceeded storage",
    "exceeds storage", "exceeds allowed size", "exceeded the local limit", "over quota", "overquota",
    "over the quota", "over the maximum", "over its disk quota", "quota exceed", "exceeded quota", "exceed quota",
    "exceeds quota", "exceeding quota", "quota reached", "out of storage", "out of space", "out of disk space",
    "storage full", "storage quota", "storage limit", "not enough storage", "not enough space",
    "not enough disk space", "quota violation", "disk quota", "user quota", "quota for", "no space left in mailbox",
    "insufficient mailbox", "too many messages in the mailbox", "boîte pleine", "boite pleine", "quota dépassé",
    "postfach voll", "postfach ist voll", "mailbox voll", "buzón lleno", "casella piena", "caixa cheia",
    "caixa de correio cheia", "skrzynka pełna", "ящик переполнен", "mailbox is overflow", "メールボックスが一杯", "容量を超",
    "邮箱已满", "邮箱空间不足", "信箱已滿", "mailbox space not enough", "recipient storage full",
];

/// The receiving host's own trouble, told in words of users and files.
#[rustfmt::skip]
const LOCAL: &[&str] = &[
    "couldn't create", "can't create output", "cannot append message to", "cannot open mailbox",
    "cannot update mailbox",
];

#[rustfmt::skip]
pub const UNKNOWN_USER: &[&str] = &[
    "adresse n'existe pas", "destinataire n'existe pas", "utilisateur n'existe pas", "compte n'existe pas",
    "boîte aux lettres n'existe pas", "adresse existiert nicht", "empfänger existiert nicht",
    "benutzer existiert nicht", "postfach existiert nicht", "konto existiert nicht", "mailbox existiert nicht",
    "adres nie istnieje", "użytkownik nie istnieje", "konto nie istnieje", "skrzynka nie istnieje",
    "пользователь не существует", "адрес не существует", "ящик не существует", "получатель не существует",
    "dirección no existe", "cuenta no existe", "buzón no existe", "does not have an account",
    "doesn't have an account", "account or domain may not exist", "user unknown", "unknown user", "unknown-user",
    "no such user", "no such recipient", "no such person", "no such mailbox", "no such address",
    "no such account", "no such local user", "no such email", "no such mail user", "no such virtual", "nosuchuser", "recipientdoesnotexist",
    "usernotfound", "mailboxnotfound", "unknownrecipient", "unknownuser", "addressnotfound", "accountnotfound",
    "account closed", "account has been closed", "account has been terminated", "account terminated",
    "mailbox closed", "mailbox has been closed",
    "unknown recipient", "recipient unknown", "recipunknown", "unknown address", "address unknown",
    "unknown local part", "unknown local-part", "unknown mailbox", "mailbox unknown", "unknown account",
    "unknown virtual", "unknown or illegal alias", "unknown alias", "unknown email", "unknown rcpt",
    "unknown email", "addressee unknown", "unable to find recipient", "mailbox not found", "mailbox was not found",
    "mailbox does not exist", "mailbox doesn't exist", "mailbox not exist", "mailbox not available",
    "mailbox unavailable", "mailbox is unavailable", "mailbox invalid", "no mailbox here",
    "no mailbox by that name", "no mailbox found", "not a valid mailbox", "bad mailbox", "user not found",
    "user was not found", "user does not exist", "user doesn't exist", "user not exist", "user is unknown",
    "user not known", "user is not", "user not listed", "user not here", "not our user", "not our customer",
    "not a known user", "not known at this site", "not a registered", "not a valid user", "not a valid recipient",
    "not a valid address", "no account", "account not found", "account does not exist", "account doesn't exist",
    "account that you tried to reach does not exist", "account not exist", "does not have an account",
    "recipient not found", "recipient was not found", "recipientnotfound", "recipnotfound",
    "recipient does not exist", "recipient doesn't exist", "recipient not exist", "recipients not found",
    "recipient name is not recognized", "address not found", "address does not exist", "address doesn't exist",
    "address couldn't be found", "address could not be found", "address wasn't found", "address was not found",
    "wasn't found at", "was not found at", "couldn't be found at", "could not be found at", "address is not valid",
    "address not valid", "address is invalid", "address you sent your message to wasn't", "address no longer",
    "not listed in domino directory", "not listed in public name", "invalid recipient", "invalid mailbox",
    "invalid user", "invalid address", "invalid destination", "invalid final delivery userid", "recipient invalid",
    "recipient is invalid", "recipient not valid", "bad destination mailbox", "bad address", "bad recipient",
    "unrouteable address", "unroutable address", "undeliverable address", "no valid recipient",
    "no such domain at this location", "doesn't exist here", "does not exist here", "not present in",
    "no longer valid", "no longer exists", "no longer available", "no longer in use",
    "recipient address rejected: access denied", "possibly incorrect", "this address no longer", "has no such",
    "isn't a valid", "is not a local", "no one by that name", "nobody here by that name", "unknown to this",
    "not in our", "user is inactive or does not exist", "rcpt to address does not", "cannot find your recipient",
    "delivery to nonexistent", "destinataire inconnu", "utilisateur inconnu", "adresse inconnue",
    "destinataire invalide", "adresse d au moins un destinataire", "adresse du destinataire", "empfänger unbekannt",
    "empfaenger unbekannt", "unbekannter benutzer", "unbekannter empfänger", "benutzer unbekannt",
    "usuario desconocido", "usuario no existe", "no existe el usuario", "destinatario desconocido",
    "utente sconosciuto", "indirizzo inesistente", "destinatario sconosciuto", "utilizador desconhecido",
    "usuário desconhecido", "onbekende gebruiker", "onbekend adres", "nieznany użytkownik",
    "tuntematon vastaanottaja", "okänd mottagare", "ukendt modtager", "ukjent mottaker", "存在しません", "見つかりませんでした",
    "ユーザーが存在", "宛先不明", "收件人不存在", "用户不存在", "无此用户", "地址不存在", "收件者不存在", "无效的收件人", "пользователь не найден",
    "нет такого пользователя", "такого пользователя нет", "почтовый ящик не найден", "non-existent user",
    "nonexistent user", "user unavailable", "unknown destination address",
];

#[rustfmt::skip]
const UNKNOWN_HOST: &[&str] = &[
    "host unknown", "unknown host", "host not found", "no such host", "host name is invalid", "domain not found",
    "no such domain", "domain does not exist", "domain doesn't exist", "domain not exist", "unknown domain",
    "domain unknown", "domain name not found", "domain is not reachable", "domain could not be found",
    "domain couldn't be found", "non-existent domain", "nonexistent domain", "non-existent host",
    "nonexistent host", "nxdomain", "find any host named", "find any host by that name", "find a mail exchanger",
    "no mx record", "no mx-record", "no mail exchanger", "unrouteable mail domain", "unroutable domain",
    "bad destination system", "bad destination host", "host does not accept mail", "domain does not accept mail",
    "doesn't receive email", "does not receive mail", "does not accept mail", "null mx", "nullmx",
    "name or service not known", "illegal host/domain", "invalid domain", "server for domain",
    "an mx or srv record indicated", "domain has no mail", "domain isn't", "couldn't find the domain", "ドメインが存在",
    "域名不存在",
];

#[rustfmt::skip]
const MOVED: &[&str] = &[
    "has moved", "user moved", "recipient moved", "moved to another", "changed address", "new address is",
    "user not local", "no longer works here", "has been replaced by",
];

#[rustfmt::skip]
const DISABLED: &[&str] = &[
    "account is disabled", "account disabled", "account has been disabled", "disabled recipient",
    "mailbox disabled", "mailbox is disabled", "mailbox is inactive", "mailbox inactive", "mailbox is frozen",
    "account is inactive", "is inactive", "not active", "account inactive", "suspended", "temporary locked",
    "temporarily locked", "account locked", "account is locked", "account is blocked", "account blocked",
    "account expired", "account has expired", "deactivated", "compte du destinataire est bloque",
    "address is disabled", "user disabled", "user is disabled", "recipient disabled", "is not accepting",
    "not accepting messages", "not accepting mail", "currently not accepting", "reach is disabled",
    "account that you tried to reach is over",
];

#[rustfmt::skip]
const TOO_BIG: &[&str] = &[
    "too large", "too big", "size limit", "message size", "mail size", "size of the message", "message length", "exceeds size", "maximum message size", "maximum size",
    "message size exceeds", "size exceeds", "size exceeded", "exceeds the maximum", "fixed maximum", "message exceeded", "zu gross",
    "zu groß", "exceeds administrative limit", "length exceeds",
];

#[rustfmt::skip]
const AUTHENTICATION: &[&str] = &[
    "dmarc", "dkim", "spf ", "spf:", " spf", "sender policy framework", "unauthenticated",
    "authentication checks failed", "does not pass authentication", "not authenticated", "authentication failed",
    "auth failure",
];

#[rustfmt::skip]
const RELAY: &[&str] = &[
    "relay access denied", "relaying denied", "relay denied", "relay not permitted", "not permitted to relay",
    "unable to relay", "no relaying", "not a relay", "open relay", "relaying not allowed", "we do not relay",
    "relay not allowed", "rcpthosts", "not a gateway",
];

#[rustfmt::skip]
const RATE: &[&str] = &[
    "too many connections", "too many concurrent", "too many messages", "too many recipients", "too many emails",
    "too much mail", "rate limit", "rate-limit", "rate exceeded", "throttl", "temporarily deferred",
    "unexpected volume", "slow down", "at too high a rate", "receiving mail too quickly",
    "receiving mail at a rate", "connection rate", "limit exceeded", "too fast", "frequency limited", "concurrency",
    "greylist", "graylist", "grey list",
];

#[rustfmt::skip]
const CONTENT: &[&str] = &[
    "spam", "virus", "malware", "phish", "junk", "unsolicited", "message content", "content rejected",
    "content restriction", "suspicious", "prohibited attachment", "attachment type", "blocked attachment",
    "header error", "header syntax", "not rfc", "rfc 5322", "5322 compliant", "message filtered", "media error",
    "mail rejete", "mail rejected. ofr", "inappropriate", "bulk mail",
];

#[rustfmt::skip]
const POLICY: &[&str] = &[
    "policy", "access denied", "blacklist", "black list", "blocklist", "block list", "blocked", "banned",
    "not authorized", "not permitted", "not allowed", "reputation", "listed in", "listed at", "listed by",
    "reverse dns", "ptr record", "dnsbl", "rbl", "zen.spamhaus", "denied by", "permission to post",
    "recipient preferences", "refused due to", "administrative prohibition", "administratively",
    "refused to accept", "service refuse", "refused to talk", "not accepted for", "tls", "security",
    "rejected by the domain-filter", "rejected by recipient", "rejected your message", "delivery not authorized",
    "restricted",
];

const LOOP: &[&str] = &["loop", "hop count", "too many hops", "too many received"];

#[rustfmt::skip]
const EXPIRED: &[&str] = &[
    "has been in the queue too long", "retry timeout exceeded", "message expired", "expired",
    "delivery time expired", "giving up", "after multiple retries", "could not deliver for the last",
    "cannot send message for", "could not send message for", "delivery timed out", "undeliverable for",
    "not delivered within", "unable to deliver in", "too old",
];

#[rustfmt::skip]
const NETWORK: &[&str] = &[
    "timed out", "timeout", "time out", "connection refused", "connection reset", "connection lost",
    "lost connection", "no route to host", "network is unreachable", "network unreachable", "unable to connect",
    "could not connect", "couldn't connect", "cannot connect", "not accept our requests to connect",
    "connection failed", "connect to", "establish an smtp connection", "not responding", "host not reachable",
    "unreachable", "connection dropped", "socket error", "lookup failure", "name service error", "name server",
    "dns error", "dns failure", "dns lookup", "could not resolve", "deferred", "server busy", "smtp connection",
];

#[rustfmt::skip]
const SYSTEM: &[&str] = &[
    "insufficient system", "system storage", "system resources", "internal error", "internal system error",
    "internal server error", "system error", "configuration error", "misconfigured", "temporary failure",
    "temporarily unavailable", "temporary error", "local error", "local problem", "try again later", "try later",
    "please try again", "queue file write error", "i/o error", "service unavailable", "service not available",
    "mailer error", "command died", "command failed", "out of memory", "ldap server", "procmail", "can't create",
    "could not open", "protocol error", "on hold", "recipient error",
];
