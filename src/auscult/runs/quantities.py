"""The names of what is recorded: the columns of a run.

A subject is a parameter's name, or empty for the whole step. NaN is undefined: no gradient, a ratio to data
without spread, one element without a standard deviation. A ratio of zero is defined, and its log10 is -inf.
"""

# of each parameter θ at a step: the update is θ after − θ before, whatever made it; data is θ before; the
# gradient is the one the optimizer sees (unscaled, after clipping)
RATIO = "update_to_data_log10"  # log10(std(update) / std(data))
RATIO_LECTURE = "update_to_data_lecture_log10"  # log10(std(lr · grad) / std(data after)), matrices only
RATIO_TOUCHED = "update_to_data_touched_log10"  # embeddings: over the rows that got a gradient
GRAD_RATIO = "grad_to_data_log10"  # log10(std(grad) / std(data))
UPDATE_STD = "update_std"
UPDATE_NORM = "update_norm_l2"
DATA_STD = "data_std"
DATA_NORM = "data_norm_l2"
GRAD_STD = "grad_std"
GRAD_NORM = "grad_norm_l2"  # also with an empty subject: of all gradients of the step together
GRAD_MAX = "grad_max_abs"
GRAD_NONFINITE = "grad_nonfinite_count"
DISTANCE = "distance_l2"  # ‖θ after − θ at the start‖₂

# of the step
# the sum of what `backward` was called on since the last step
# subject: empty, or the second optimizer's name on
LOSS = "loss"
STEP_TIME = "step_time_s"  # wall time of the step without our own
GRAD_NORM_BEFORE_CLIP = "grad_norm_before_clip_l2"  # where the script clips
GRAD_CARRIED = "grad_carried_share"  # share of gradients that still held those of the step before
LR = "lr"  # subject: "Adam[0]", the optimizer and the group, or LOOP
LOGGED = "logged"  # subject: the name given to `recorder.log`

# events
EPOCH = "epoch"  # data: {"number": n}
SKIPPED_STEP = "skipped-step"  # mixed precision found a non-finite gradient and did not step
NONFINITE_LOSS = "non-finite-loss"
FAULT = "fault"  # one of ours; the training went on


LOOP = "the loop"  # the optimizer's name where there is none: a loop that moves its parameters by itself


def group_name(optimizer: str, group: int) -> str:
    """The subject under which a parameter group's learning rate is recorded."""
    return LOOP if optimizer == LOOP else f"{optimizer}[{group}]"
