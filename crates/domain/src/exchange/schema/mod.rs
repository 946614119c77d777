//! The members of a plan and of a selection, once: as the API names them, as `CloudFormation` and Terraform
//! do, and of which type. Reading, writing and linting go by these tables; tests compare them with
//! extracts of the schemas that AWS and `HashiCorp` publish.

mod nearest;
mod plan;
mod selection;
#[cfg(test)]
mod tests;

pub(crate) use nearest::{Advice, advice, like};
pub(crate) use plan::PLAN;
#[cfg(test)]
pub(crate) use plan::RULE;
pub(crate) use selection::SELECTION;

/// What a member holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Whole,
    /// True or false.
    Flag,
    /// A list of texts.
    Texts,
    /// Texts by name.
    TextMap,
    /// One object.
    Object(&'static Shape),
    /// A list of objects.
    List(&'static Shape),
}

/// A member of an object.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its name in the API.
    pub(crate) api: &'static str,
    /// Its name in `CloudFormation`; none where the schema has no place for it.
    pub(crate) cloudformation: Option<&'static str>,
    /// Its name in the Terraform provider; none where that has no place for it.
    pub(crate) terraform: Option<&'static str>,
    /// What it holds.
    pub(crate) kind: Kind,
    /// The API refuses an object without it.
    pub(crate) required: bool,
    /// AWS gives it; nobody sends it.
    pub(crate) given_by_aws: bool,
}

impl Member {
    const fn new(
        api: &'static str,
        cloudformation: &'static str,
        terraform: &'static str,
        kind: Kind,
    ) -> Self {
        Self {
            api,
            cloudformation: Some(cloudformation),
            terraform: Some(terraform),
            kind,
            required: false,
            given_by_aws: false,
        }
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn without_terraform(mut self) -> Self {
        self.terraform = None;
        self
    }

    const fn only_in_the_api(mut self) -> Self {
        self.terraform = None;
        self.cloudformation = None;
        self
    }

    const fn given_by_aws(mut self) -> Self {
        self.given_by_aws = true;
        self
    }

    /// Its name in a form.
    pub(crate) fn name(&self, form: Form) -> Option<&'static str> {
        match form {
            Form::Api => Some(self.api),
            Form::Cloudformation => self.cloudformation,
        }
    }
}

/// An object of the API.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What it is, in words: `a rule`.
    pub(crate) what: &'static str,
    /// Its members.
    pub(crate) members: &'static [Member],
}

impl Shape {
    /// The member that the API calls so.
    pub(crate) fn api(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.api == name)
    }
}

/// In which form a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// AWS's JSON.
    Api,
    /// A template of `CloudFormation`.
    Cloudformation,
}
