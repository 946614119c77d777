use super::{Form, Kind, Shape};

/// What a name that an object does not have was probably meant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// The other form's name of this member.
    OtherForm(&'static str),
    /// A member of this object inside.
    Inside(&'static str),
    /// A name that is written much like it.
    Like(&'static str),
    /// Nothing comes near.
    None,
}

impl Advice {
    /// What to do about it, as a sentence.
    pub(crate) fn sentence(&self, name: &str) -> String {
        match self {
            Self::OtherForm(right) => format!("Write {right}."),
            Self::Inside(parent) => format!("{name} belongs into {parent}."),
            Self::Like(right) => format!("Did you mean {right}?"),
            Self::None => format!("Remove {name}, or write the member that was meant."),
        }
    }
}

/// What to make of `name`, which an object of this shape does not have in this form.
pub(crate) fn advice(name: &str, shape: &Shape, form: Form) -> Advice {
    let other = match form {
        Form::Api => Form::Cloudformation,
        Form::Cloudformation => Form::Api,
    };
    let translated = shape
        .members
        .iter()
        .find(|member| member.name(other) == Some(name))
        .and_then(|member| member.name(form));
    if let Some(right) = translated {
        return Advice::OtherForm(right);
    }
    let inside = shape.members.iter().find(|member| match member.kind {
        Kind::Object(shape) => shape.members.iter().any(|one| one.name(form) == Some(name)),
        _ => false,
    });
    if let Some(parent) = inside.and_then(|member| member.name(form)) {
        return Advice::Inside(parent);
    }
    let names = shape.members.iter().filter_map(|member| member.name(form));
    like(name, names).map_or(Advice::None, Advice::Like)
}

/// The name that is written most like this one, if any comes near: a few letters more, less or other, or
/// one that holds the other.
pub(crate) fn like<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_ascii_lowercase();
    names
        .into_iter()
        .filter_map(|known| {
            let candidate = known.to_ascii_lowercase();
            let distance = strsim::damerau_levenshtein(&wanted, &candidate);
            let holds = wanted.len() >= 4
                && candidate.len() >= 4
                && (candidate.contains(&wanted) || wanted.contains(&candidate));
            (holds || distance <= (wanted.len() / 4).clamp(1, 4)).then_some((distance, known))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{PLAN, RULE},
        *,
    };

    #[test]
    fn a_misspelt_misplaced_or_translated_member_is_recognised() {
        let api = |name| advice(name, &RULE, Form::Api);
        assert_eq!(api("StartWindow"), Advice::Like("StartWindowMinutes"));
        assert_eq!(api("DeleteAfterDays"), Advice::Inside("Lifecycle"));
        assert_eq!(
            api("EnableContinuousBackups"),
            Advice::Like("EnableContinuousBackup")
        );
        assert_eq!(
            api("TargetBackupVault"),
            Advice::OtherForm("TargetBackupVaultName")
        );
        assert_eq!(
            advice("Rules", &PLAN, Form::Cloudformation),
            Advice::OtherForm("BackupPlanRule")
        );
        assert_eq!(api("FromTheFuture"), Advice::None);
    }

    #[test]
    fn short_names_are_alike_by_a_letter_only() {
        assert_eq!(like("Dayz", ["Days", "Weeks"]), Some("Days"));
        assert_eq!(like("x", ["Days"]), None);
    }
}
