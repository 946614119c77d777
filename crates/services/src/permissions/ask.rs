use std::collections::BTreeMap;

use tidemark_domain::{Partition, permissions::DeniedBy, policy::PROOF_FOLDER};

use crate::{
    Services,
    calls::{On, RoleNeed, circumstances},
    ports::{CloudError, Evaluated, Simulation, Target},
};

/// The name of what is asked about: of no vault, table, plan or bucket in particular. A role that may work
/// with some names alone is told as denied.
const ANY: &str = "tidemark-check";

/// What IAM said of needs.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// By action and resource in words; none where it is allowed.
    pub(super) known: BTreeMap<(&'static str, &'static str), Option<DeniedBy>>,
    /// Why something could not be asked.
    pub(super) error: Option<CloudError>,
}

/// Asks IAM about all needs: those of the same resource in the same circumstances together.
pub(super) async fn ask(services: &Services, target: &Target, needs: &[RoleNeed]) -> Answers {
    let mut questions: Vec<(Simulation, Vec<&RoleNeed>)> = Vec::new();
    for need in needs {
        let resource = resource(need.on, target);
        let context = circumstances(need.on, &target.region);
        let like = questions
            .iter_mut()
            .find(|(have, _)| have.resources[0] == resource && have.context == context);
        match like {
            Some((have, asked)) => {
                if !have.actions.iter().any(|action| action == need.action) {
                    have.actions.push(need.action.to_owned());
                }
                asked.push(need);
            }
            None => questions.push((
                Simulation {
                    actions: vec![need.action.to_owned()],
                    resources: vec![resource],
                    context,
                },
                vec![need],
            )),
        }
    }
    let mut answers = Answers::default();
    // The first alone: where the role lets nobody in, the others need not find that out as well.
    let Some(((first, asked), others)) = questions.split_first() else {
        return answers;
    };
    match services.cloud.simulate(target, first).await {
        Ok(said) => answers.take(&said, asked),
        Err(error) => {
            answers.error = Some(error);
            return answers;
        }
    }
    let said = futures::future::join_all(
        others
            .iter()
            .map(|(question, _)| services.cloud.simulate(target, question)),
    )
    .await;
    for ((_, asked), said) in others.iter().zip(said) {
        match said {
            Ok(said) => answers.take(&said, asked),
            Err(error) => {
                answers.error.get_or_insert(error);
            }
        }
    }
    answers
}

impl Answers {
    fn take(&mut self, said: &BTreeMap<String, Evaluated>, asked: &[&RoleNeed]) {
        for need in asked {
            let by = match said.get(need.action) {
                Some(Evaluated::Allowed) => None,
                Some(Evaluated::Denied(by)) => Some(*by),
                None => continue,
            };
            self.known.insert((need.action, need.on.words()), by);
        }
    }
}

/// Something of that kind in the target's account and Region.
pub(super) fn resource(on: On, target: &Target) -> String {
    let partition = Partition::of(&target.region).id();
    let (account, region) = (&target.connection.account, &target.region);
    let of = |service: &str, rest: &str| format!("arn:{partition}:{service}:{rest}");
    let here = |service: &str, rest: &str| of(service, &format!("{region}:{account}:{rest}"));
    match on {
        On::Any => "*".to_owned(),
        On::Vault => here("backup", &format!("backup-vault:{ANY}")),
        On::Plan => here("backup", &format!("backup-plan:{ANY}")),
        On::RecoveryPoint => here("backup", &format!("recovery-point:{ANY}")),
        On::Table | On::NewTable => here("dynamodb", &format!("table/{ANY}")),
        On::TableBackup => here("dynamodb", &format!("table/{ANY}/backup/{ANY}")),
        On::Stream => here("dynamodb", &format!("table/{ANY}/stream/{ANY}")),
        On::AnyBucket | On::SharedBucket | On::ProofList => of("s3", &format!("::{ANY}")),
        On::Bucket => of("s3", "::tidemark-records-check"),
        On::Objects => of("s3", &format!("::tidemark-records-check/{ANY}")),
        // Such as the template lets the role reach.
        On::BackupBucket => of("s3", "::backup-tidemark-check"),
        On::BackupObjects => of("s3", &format!("::backup-tidemark-check/{ANY}")),
        On::ProofObjects => of("s3", &format!("::{ANY}/{PROOF_FOLDER}{ANY}")),
        On::ProvedRole => of("iam", &format!(":{account}:role/{ANY}")),
        On::Stack => here("cloudformation", &format!("stack/{ANY}/{ANY}")),
        On::ServiceRole => of(
            "iam",
            &format!(":{account}:role/service-role/AWSBackupDefaultServiceRole"),
        ),
        On::ScalingRole => of(
            "iam",
            &format!(":{account}:role/{}", crate::calls::SCALING_ROLE),
        ),
        On::LegalHold => here("backup", &format!("legal-hold:{ANY}")),
        On::Key | On::TableKey | On::TableKeyGrant | On::ObjectKey | On::VaultKey => {
            here("kms", &format!("key/{ANY}"))
        }
        On::Role => target.connection.role.to_string(),
    }
}
