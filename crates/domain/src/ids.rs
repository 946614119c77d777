//! Identifiers of AWS, checked once at the edge.

use crate::{
    Partition,
    text::{Invalid, checked_text},
};

checked_text!(
    /// A 12-digit AWS account id. Text, since it may start with 0.
    AccountId,
    |text| {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(())
        } else {
            Err(Invalid::new("account id", "must have exactly 12 digits"))
        }
    }
);

checked_text!(
    /// An AWS Region code such as `eu-west-1` or `us-gov-east-1`.
    Region,
    |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let letters = |p: &&str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase());
        let ok = (3..=5).contains(&parts.len())
            && parts[..parts.len() - 1].iter().all(letters)
            && parts[parts.len() - 1].parse::<u8>().is_ok();
        if ok {
            Ok(())
        } else {
            Err(Invalid::new("Region", "must be a Region code such as eu-west-1"))
        }
    }
);

checked_text!(
    /// An Amazon Resource Name in one of AWS's partitions, such as `aws` or `aws-eusc`.
    Arn,
    |text| {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let rule = |rule: &str| Err(Invalid::new("ARN", rule));
        if text.len() > 2048 {
            return rule("must have at most 2048 characters");
        }
        let [prefix, partition, service, region, account, resource] = fields[..] else {
            return rule("must have the form arn:partition:service:region:account:resource");
        };
        if prefix != "arn" {
            return rule("must start with arn:");
        }
        if Partition::named(partition).is_none() {
            return rule("must name a partition of AWS, such as aws, aws-cn, aws-us-gov or aws-eusc");
        }
        if service.is_empty() || resource.is_empty() {
            return rule("must name a service and a resource");
        }
        if !region.is_empty() {
            Region::parse(region).map_err(|e| e.in_field("ARN"))?;
        }
        if !account.is_empty() && account != "aws" {
            AccountId::parse(account).map_err(|_| {
                Invalid::new("ARN", "must hold an account id of exactly 12 digits or none")
            })?;
        }
        if text.chars().any(char::is_control) {
            return rule("must not hold control characters");
        }
        Ok(())
    }
);

impl Arn {
    fn field(&self, index: usize) -> &str {
        self.as_str().splitn(6, ':').nth(index).unwrap_or_default()
    }

    /// The partition, for example `aws`.
    pub fn partition(&self) -> &str {
        self.field(1)
    }

    /// The service part, for example `dynamodb`.
    pub fn service(&self) -> &str {
        self.field(2)
    }

    /// The Region part; empty for global services.
    pub fn region(&self) -> &str {
        self.field(3)
    }

    /// The account part; empty where the service leaves it out, as S3 does.
    pub fn account(&self) -> &str {
        self.field(4)
    }

    /// Everything after the fifth colon, for example `table/orders`.
    pub fn resource(&self) -> &str {
        self.field(5)
    }

    /// The last path element of the resource part: the name that people use.
    pub fn name(&self) -> &str {
        let resource = self.resource();
        resource
            .rsplit(['/', ':'])
            .find(|part| !part.is_empty())
            .unwrap_or(resource)
    }
}

checked_text!(
    /// The ARN of an IAM role, its path and name of IAM's alphabet for names alone: what goes into
    /// policies and templates must name one role, so that `*`, `?` and `${…}` have no place in it.
    RoleArn,
    |text| {
        let rule = |rule: &str| Err(Invalid::new("role ARN", rule));
        let arn = Arn::parse(text).map_err(|e| e.in_field("role ARN"))?;
        let named = arn.resource().strip_prefix("role/").unwrap_or_default();
        let of_one_account = arn.region().is_empty() && AccountId::parse(arn.account()).is_ok();
        if arn.service() != "iam" || named.is_empty() || !of_one_account {
            return rule("must have the form arn:aws:iam::123456789012:role/Name");
        }
        let plain = |part: &str| !part.is_empty() && of_session_alphabet(part);
        if !named.split('/').all(plain) {
            return rule("must name one role, with a path and name of letters, digits and _+=,.@- alone");
        }
        let (path, name) = named.rsplit_once('/').unwrap_or(("", named));
        if name.len() > 64 || path.len() > 510 {
            return rule("must have a name of at most 64 and a path of at most 512 characters");
        }
        Ok(())
    }
);

impl RoleArn {
    /// The account that the role belongs to.
    pub fn account(&self) -> &str {
        self.as_str().split(':').nth(4).unwrap_or_default()
    }

    /// The role's name without its path.
    pub fn name(&self) -> &str {
        self.as_str().rsplit('/').next().unwrap_or_default()
    }
}

fn of_session_alphabet(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
}

checked_text!(
    /// An external id of a trust policy: 2 to 1,224 characters (`AssumeRole`, `ExternalId`).
    ExternalId,
    |text| {
        let alphabet = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&b));
        if (2..=1224).contains(&text.len()) && alphabet {
            Ok(())
        } else {
            Err(Invalid::new(
                "external id",
                "must have 2 to 1224 characters of letters, digits and _+=,.@:/-",
            ))
        }
    }
);

checked_text!(
    /// A role session name or source identity: 2 to 64 characters of `[\w+=,.@-]` (`AssumeRole`).
    SessionName,
    |text| {
        if (2..=64).contains(&text.len()) && of_session_alphabet(text) {
            Ok(())
        } else {
            Err(Invalid::new(
                "session name",
                "must have 2 to 64 characters of letters, digits and _+=,.@-",
            ))
        }
    }
);

impl SessionName {
    /// The nearest valid session name to any text: other characters become `-`, the rest is cut.
    pub fn from_text(text: &str) -> Self {
        let mut name: String = text
            .chars()
            .map(|c| {
                if c.is_ascii() && of_session_alphabet(c.encode_utf8(&mut [0; 4])) {
                    c
                } else {
                    '-'
                }
            })
            .take(64)
            .collect();
        while name.len() < 2 {
            name.push('-');
        }
        Self(name)
    }
}

checked_text!(
    /// The name of a DynamoDB table: 3 to 255 characters of letters, digits and `_.-`.
    TableName,
    |text| {
        let alphabet = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
        if (3..=255).contains(&text.len()) && alphabet {
            Ok(())
        } else {
            Err(Invalid::new(
                "table name",
                "must have 3 to 255 characters of letters, digits and _.-",
            ))
        }
    }
);

checked_text!(
    /// The name of a backup vault: 2 to 50 characters of letters, digits, `-` and `_`.
    VaultName,
    |text| {
        let alphabet = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        if (2..=50).contains(&text.len()) && alphabet {
            Ok(())
        } else {
            Err(Invalid::new(
                "vault name",
                "must have 2 to 50 characters of letters, digits, - and _",
            ))
        }
    }
);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn an_account_id_keeps_its_leading_zero() {
        assert_eq!(
            AccountId::parse("012345678901").unwrap().as_str(),
            "012345678901"
        );
    }

    #[test]
    fn a_malformed_account_id_names_field_and_rule() {
        let error = AccountId::parse("1234").unwrap_err();
        assert_eq!(error.to_string(), "account id: must have exactly 12 digits");
    }

    #[test]
    fn an_arn_falls_into_its_parts() {
        let arn = Arn::parse("arn:aws-cn:dynamodb:cn-north-1:123456789012:table/orders").unwrap();
        assert_eq!(
            (
                arn.partition(),
                arn.service(),
                arn.region(),
                arn.account(),
                arn.name()
            ),
            ("aws-cn", "dynamodb", "cn-north-1", "123456789012", "orders")
        );
    }

    #[test]
    fn arns_of_every_partition_parse() {
        for partition in Partition::ALL {
            let text = format!("arn:{partition}:s3:::bucket");
            assert_eq!(Arn::parse(&text).unwrap().partition(), partition.id());
        }
    }

    #[test]
    fn malformed_arns_are_refused() {
        for text in [
            "",
            "arn",
            "arn:aws",
            "arn:mars:s3:::b",
            "urn:aws:s3:::b",
            "arn:aws:s3:::",
            "arn:aws:s3:::b\u{7}",
            "arn:aws:ec2:nowhere:1:volume/v",
            "arn:aws:ec2:eu-west-1:12:volume/v",
        ] {
            assert!(Arn::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_role_arn_must_be_a_role() {
        assert!(RoleArn::parse("arn:aws:iam::123456789012:user/u").is_err());
        let role = RoleArn::parse("arn:aws:iam::123456789012:role/path/Name").unwrap();
        assert_eq!((role.account(), role.name()), ("123456789012", "Name"));
    }

    #[test]
    fn a_role_arn_names_one_role_and_no_pattern() {
        let of = |named: &str| RoleArn::parse(format!("arn:aws:iam::123456789012:role/{named}"));
        for named in [
            "*",
            "Admin*",
            "Adm?n",
            "${AWS::StackId}*",
            "path/*/Name",
            "path//Name",
            "/Name",
            "Name/",
            "a b",
            "Näme",
            "Name\"",
        ] {
            assert!(of(named).is_err(), "{named}");
        }
        for named in [
            "Name",
            "a/b/Name",
            "aws-reserved/sso.amazonaws.com/Role_1+=,.@-",
        ] {
            assert!(of(named).is_ok(), "{named}");
        }
        assert!(of(&"x".repeat(65)).is_err());
        for text in [
            "arn:aws:iam:eu-west-1:123456789012:role/Name",
            "arn:aws:iam::aws:role/Name",
            "arn:aws:iam:::role/Name",
        ] {
            assert!(RoleArn::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn any_text_becomes_a_valid_session_name() {
        for text in ["", "ü", "Anna Müller <anna@example.com>", &"x".repeat(300)] {
            let name = SessionName::from_text(text);
            assert!(SessionName::parse(name.as_str()).is_ok(), "{name}");
        }
    }

    #[test]
    fn regions_of_all_partitions_parse() {
        for text in [
            "eu-west-1",
            "us-gov-east-1",
            "cn-north-1",
            "ap-southeast-7",
            "us-iso-east-1",
        ] {
            assert!(Region::parse(text).is_ok(), "{text}");
        }
        for text in ["", "eu", "eu-west", "EU-WEST-1", "eu-west-one", "-west-1"] {
            assert!(Region::parse(text).is_err(), "{text}");
        }
    }
}
