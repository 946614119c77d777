/// Where calls go, in words for errors. Where an endpoint is configured it is named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoints {
    common: Option<String>,
}

impl Endpoints {
    pub(crate) fn new(common: Option<&str>) -> Self {
        Self {
            common: common.map(without_secrets),
        }
    }

    /// The endpoint of a service, by its signing name, in a Region.
    pub(crate) fn of(&self, service: &str, region: &str) -> String {
        let variable = format!(
            "AWS_ENDPOINT_URL_{}",
            match service {
                "elasticfilesystem" => "EFS".to_owned(),
                "application-autoscaling" => "APPLICATION_AUTO_SCALING".to_owned(),
                other => other.to_uppercase(),
            }
        );
        if let Ok(own) = std::env::var(variable) {
            return without_secrets(&own);
        }
        if let Some(common) = &self.common {
            return common.clone();
        }
        let suffix = if region.starts_with("cn-") {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        };
        format!("https://{service}.{region}.{suffix}")
    }
}

/// A URL without user and password.
fn without_secrets(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = authority.rsplit('@').next().unwrap_or(authority);
            let slash = if path.is_empty() { "" } else { "/" };
            format!("{scheme}://{host}{slash}{path}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_named_without_its_password() {
        let endpoints = Endpoints::new(Some("http://user:secret@127.0.0.1:4566/aws"));
        assert_eq!(
            endpoints.of("dynamodb", "eu-west-1"),
            "http://127.0.0.1:4566/aws"
        );
    }

    #[test]
    fn without_configuration_it_is_the_services_own() {
        assert_eq!(
            Endpoints::default().of("backup", "cn-north-1"),
            "https://backup.cn-north-1.amazonaws.com.cn"
        );
    }
}
