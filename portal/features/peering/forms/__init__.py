"""What the operator fills in about peers."""

from portal.features.peering.forms.peers import GroupForm as GroupForm, PlainForm as PlainForm, ServerForm as ServerForm
