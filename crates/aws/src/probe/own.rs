use aws_credential_types::provider::ProvideCredentials as _;
use tidemark_domain::ScopeCause;
use tidemark_services::{
    calls::Call,
    ports::{CloudErrorKind, ProbeLink},
};

use super::{because, broken, holds};
use crate::{classify::classify, factory::ClientFactory, scope_error::scope_error};

const ENDPOINT: &str = "Reach the endpoint";
const CREDENTIALS: &str = "Use the console's credentials";

/// Who the console is to AWS.
pub(super) struct Caller {
    /// Account of the console's credentials.
    pub(super) account: String,
    /// ARN of the caller, as `GetCallerIdentity` tells it.
    pub(super) arn: String,
}

/// Tries the endpoint and the console's own credentials (`GetCallerIdentity`, which needs no
/// permission). None when a link is broken.
pub(super) async fn own(factory: &ClientFactory, links: &mut Vec<ProbeLink>) -> Option<Caller> {
    let endpoint = factory.sts_endpoint();
    let loaded = match factory.base().credentials_provider() {
        Some(provider) => provider
            .provide_credentials()
            .await
            .map(|_| ())
            .map_err(|e| e.to_string()),
        None => Err("no source of credentials is configured".to_owned()),
    };
    if let Err(why) = loaded {
        let message = format!("The console has no AWS credentials of its own: {why}.");
        let fix = "Give the console credentials: a profile (AWS_PROFILE), an access key in its environment, or an instance or task role.";
        let why = because(ScopeCause::ConsoleCredentials, message, fix, None);
        links.push(broken(CREDENTIALS, why));
        return None;
    }
    let answer = factory
        .own()
        .get_caller_identity()
        .send()
        .await
        .map_err(|e| classify(Call::GetCallerIdentity, &endpoint, e));
    match answer {
        Ok(identity) => {
            let caller = Caller {
                account: identity.account().unwrap_or_default().to_owned(),
                arn: identity.arn().unwrap_or_default().to_owned(),
            };
            links.push(holds(ENDPOINT, format!("{endpoint} answers.")));
            links.push(holds(
                CREDENTIALS,
                format!("The console is {}.", caller.arn),
            ));
            Some(caller)
        }
        Err(error) if error.status.is_some() && error.kind == CloudErrorKind::Denied => {
            links.push(holds(ENDPOINT, format!("{endpoint} answers.")));
            let message = format!(
                "AWS refuses the console's own credentials: {}",
                error.message
            );
            let fix = "Renew the console's credentials; they are wrong, disabled or expired.";
            let why = because(ScopeCause::ConsoleCredentials, message, fix, Some(&error));
            links.push(broken(CREDENTIALS, why));
            None
        }
        Err(error) => {
            links.push(broken(ENDPOINT, scope_error(&error)));
            None
        }
    }
}
