use super::{Kind, Member, Shape};

/// `BackupSelection`.
pub(crate) static SELECTION: Shape = Shape {
    what: "a selection",
    members: &[
        Member::new("SelectionName", "SelectionName", "name", Kind::Text).required(),
        Member::new("IamRoleArn", "IamRoleArn", "iam_role_arn", Kind::Text).required(),
        Member::new("Resources", "Resources", "resources", Kind::Texts),
        Member::new("NotResources", "NotResources", "not_resources", Kind::Texts),
        Member::new(
            "ListOfTags",
            "ListOfTags",
            "selection_tag",
            Kind::List(&TAG),
        ),
        Member::new(
            "Conditions",
            "Conditions",
            "condition",
            Kind::Object(&CONDITIONS),
        ),
    ],
};

/// `Condition`.
static TAG: Shape = Shape {
    what: "a tag of ListOfTags",
    members: &[
        Member::new("ConditionType", "ConditionType", "type", Kind::Text).required(),
        Member::new("ConditionKey", "ConditionKey", "key", Kind::Text).required(),
        Member::new("ConditionValue", "ConditionValue", "value", Kind::Text).required(),
    ],
};

/// `Conditions`.
static CONDITIONS: Shape = Shape {
    what: "conditions",
    members: &[
        Member::new(
            "StringEquals",
            "StringEquals",
            "string_equals",
            Kind::List(&PARAMETER),
        ),
        Member::new(
            "StringNotEquals",
            "StringNotEquals",
            "string_not_equals",
            Kind::List(&PARAMETER),
        ),
        Member::new(
            "StringLike",
            "StringLike",
            "string_like",
            Kind::List(&PARAMETER),
        ),
        Member::new(
            "StringNotLike",
            "StringNotLike",
            "string_not_like",
            Kind::List(&PARAMETER),
        ),
    ],
};

/// `ConditionParameter`. The API names no member of it as required, but one without both asks nothing.
static PARAMETER: Shape = Shape {
    what: "a condition",
    members: &[
        Member::new("ConditionKey", "ConditionKey", "key", Kind::Text).required(),
        Member::new("ConditionValue", "ConditionValue", "value", Kind::Text).required(),
    ],
};
