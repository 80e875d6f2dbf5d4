"""Pure decisions of the channels: what studies say of a portrait, where to be, strengths beside competitors."""
