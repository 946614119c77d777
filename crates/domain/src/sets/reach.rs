use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// Where hooks may go: to public addresses by HTTPS, and wherever the console's configuration allows besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookReach {
    /// `host` or `host:port` that may be private, and may be spoken to without TLS.
    pub allowed: Vec<String>,
}

impl HookReach {
    /// Reads a list with commas or blanks between.
    pub fn parse(list: &str) -> Self {
        let words = list.split([',', ' ', '\n']).map(str::trim);
        Self {
            allowed: words
                .filter(|word| !word.is_empty())
                .map(str::to_ascii_lowercase)
                .collect(),
        }
    }

    /// Whether the configuration names this place.
    pub fn allows(&self, host: &str, port: u16) -> bool {
        let host = host.to_ascii_lowercase();
        let with_port = format!("{host}:{port}");
        self.allowed
            .iter()
            .any(|allowed| *allowed == host || *allowed == with_port)
    }

    /// Whether the place may be spoken to, as far as its address alone tells; an address that a name stands for is looked at
    /// once it is known.
    pub fn check(&self, url: &str) -> Result<(), String> {
        let (tls, host, port) = parts(url)?;
        if self.allows(&host, port) {
            return Ok(());
        }
        if !tls {
            return Err(
                "must begin with https:// (plain http:// only to hosts that hook_hosts of the configuration names)"
                    .to_owned(),
            );
        }
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) if !Self::is_public(address) => Err(format!(
                "{address} is a private address; hooks reach public ones, and hosts that hook_hosts of the configuration \
                 names"
            )),
            Ok(_) => Ok(()),
            Err(_) => check_name(&host),
        }
    }

    /// Whether an address is one of the public Internet. Sources: IANA's special-purpose address registries.
    pub fn is_public(address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        }
    }
}

/// Names that only the own machine or network knows.
fn check_name(host: &str) -> Result<(), String> {
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or("");
    let local = [
        "localhost",
        "local",
        "internal",
        "localdomain",
        "home",
        "lan",
    ]
    .contains(&last);
    if local || !host.contains('.') {
        return Err(format!(
            "{host} is a name of the own network; hooks reach public hosts, and those that hook_hosts of the configuration \
             names"
        ));
    }
    if last.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(format!(
            "{host} is neither a name nor an address as usually written"
        ));
    }
    Ok(())
}

/// Whether it is by TLS, the host and the port.
fn parts(url: &str) -> Result<(bool, String, u16), String> {
    let lower = url.to_ascii_lowercase();
    let (tls, rest) = if let Some(rest) = lower.strip_prefix("https://") {
        (true, rest)
    } else if let Some(rest) = lower.strip_prefix("http://") {
        (false, rest)
    } else {
        return Err("must be an address that begins with https://".to_owned());
    };
    if url.len() > 2048
        || url
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '\\')
    {
        return Err("must be an address of at most 2048 characters without blanks".to_owned());
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        return Err("must not hold a user name or password; sign with secret instead".to_owned());
    }
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority[at..].contains(']') => {
            (&authority[..at], Some(&authority[at + 1..]))
        }
        _ => (authority, None),
    };
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let well = match inner {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host.len() <= 253
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        }
    };
    if !well {
        return Err("must name a host".to_owned());
    }
    let port = match port {
        None if tls => 443,
        None => 80,
        Some(port) => port
            .parse()
            .map_err(|_| "must have a port from 1 to 65535".to_owned())?,
    };
    Ok((tls, host.to_owned(), port))
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || a == 10
        || a == 127
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113))
}

/// Of IPv6 only the global unicast addresses are public, but for those that stand for others.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let global = parts[0] & 0xe000 == 0x2000;
    // Teredo and other protocol assignments, documentation, 6to4.
    let special = (parts[0] == 0x2001 && (parts[1] < 0x0200 || parts[1] == 0x0db8))
        || parts[0] == 0x2002
        || parts[0] == 0x3fff;
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_in_whatever_form() {
        let reach = HookReach::default();
        for url in [
            "https://127.0.0.1/pause",
            "https://10.1.2.3",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1",
            "https://[::1]:8443/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[64:ff9b::a00:1]/",
            "https://localhost/",
            "https://db.internal/",
            "https://gateway/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://127.1/",
            "http://example.com/",
            "ftp://example.com/",
            "https://user:word@example.com/",
            "https:///pause",
            "https://exa mple.com/",
            "https://example.com:99999/",
        ] {
            assert!(reach.check(url).is_err(), "{url}");
        }
        for url in [
            "https://example.com/pause?x=1",
            "https://example.com:8443",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert_eq!(reach.check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn the_configuration_opens_hosts_and_ports() {
        let reach = HookReach::parse("127.0.0.1:9000, gateway [::1]");
        assert_eq!(reach.check("http://127.0.0.1:9000/x"), Ok(()));
        assert_eq!(reach.check("http://Gateway:81/x"), Ok(()));
        assert_eq!(reach.check("http://[::1]/x"), Ok(()));
        assert!(reach.check("http://127.0.0.1:9001/x").is_err());
    }
}
