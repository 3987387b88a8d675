"""The names of what is recorded: the columns of a run.

A subject is a parameter's name, a layer's (see `Layer`), or empty for the whole step. NaN is undefined: no gradient, a
ratio to data without spread, one element without a standard deviation. A ratio of zero is defined, and its log10 is
-inf.
"""

from collections.abc import Iterable

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

# of each parameter at a step of an optimizer composed of parts, by the role that a part plays (gradient, momentum,
# scaling, decay, …): "part_share[momentum]", see `of_role`. c is what the part contributed to the update Δθ; the
# contributions sum to it
PART_NORM = "part_norm_l2"  # ‖c‖₂
PART_COSINE = "part_descent_cosine"  # of c and −gradient: 1 where it points the way of steepest descent
PART_SHARE = "part_share"  # c · Δθ / ‖Δθ‖²: the shares sum to 1, one that worked against the step is negative

# of the step
# the sum of what `backward` was called on since the last step
# subject: empty, or the second optimizer's name on
LOSS = "loss"
STEP_TIME = "step_time_s"  # wall time of the step without our own
GRAD_NORM_BEFORE_CLIP = "grad_norm_before_clip_l2"  # where the script clips
GRAD_CARRIED = "grad_carried_share"  # share of gradients that still held those of the step before
LR = "lr"  # subject: "Adam[0]", the optimizer and the group, or LOOP
LOGGED = "logged"  # subject: the name given to `recorder.log`
HEARD = "heard_validation_loss"  # as such a name: of the losses that were computed without a gradient
HEARD_OF_TWO = (f"{HEARD}_1", f"{HEARD}_2")  # where there are always two, as of the training set and of another

# of the step's batch, from linear and convolutional weights that are used once: estimates of |G|² and tr Σ/B from parts
# of the batch at the same weights, see `auscult.runs.noise`. Both are without bias, so the first may be negative
GRAD_SIGNAL = "grad_signal_squared"  # |G|², of the gradient that endlessly many examples would have
GRAD_NOISE = "grad_noise_squared"  # tr Σ/B, what the batch's squared gradient has beyond that
BATCH = "batch_examples"  # B: examples of the step, all its passes together

# of each layer at a step: its output is what its own operation gives (a linear layer's with its bias), before any norm
# or activation; its activation is what the activation that follows makes of it, directly or through a norm
OUTPUT_MEAN = "output_mean"
OUTPUT_STD = "output_std"
OUTPUT_MAX = "output_max_abs"
OUTPUT_NONFINITE = "output_nonfinite_count"
OUTPUT_GRAD_MEAN = "output_grad_mean"  # the gradient of the loss with respect to the output
OUTPUT_GRAD_STD = "output_grad_std"
OUTPUT_GRAD_MAX = "output_grad_max_abs"
OUTPUT_GRAD_NONFINITE = "output_grad_nonfinite_count"
ACTIVATION_MEAN = "activation_mean"
ACTIVATION_STD = "activation_std"
ACTIVATION_MAX = "activation_max_abs"
ACTIVATION_NONFINITE = "activation_nonfinite_count"
ACTIVATION_GRAD_MEAN = "activation_grad_mean"
ACTIVATION_GRAD_STD = "activation_grad_std"
ACTIVATION_GRAD_MAX = "activation_grad_max_abs"
ACTIVATION_GRAD_NONFINITE = "activation_grad_nonfinite_count"
GAIN = "activation_gain"  # measured: √(E[x²] / E[f(x)²]) of what goes into the activation f and comes out
# elements on a flat part of the activation: of one flat at both ends (tanh, sigmoid) those whose slope is below that of
# tanh where |tanh| is .97, or .99; of one flat at one end (ReLU, GELU, ELU, …) those whose slope is below 1e-3
SATURATED = "saturated_share_97"
GATES = "gates_saturated_share_97"  # the same over the sigmoids that are gates of a recurrent layer, on full looks
SATURATED_99 = "saturated_share_99"
OFF = "off_share"
DEAD = "dead_unit_share"  # units that lie on a flat part (two ends: by .99) in every example of this step
UNIT_EXAMPLES = "unit_examples"  # over how many: values of a unit in this step, but of a convolution's the images
COPIED = "copied_unit_share"  # units whose weights, bias too, equal another unit's

# of each normalisation layer at a step, over its channels, against the batch it sees
NORM_MEAN_DRIFT = "norm_mean_drift"  # rms of (running mean − batch mean) / batch std
NORM_VAR_DRIFT = "norm_var_drift_log10"  # rms of log10(running variance / batch variance)
NORM_VALUES = "norm_values_per_channel"  # over how many values the batch statistics are
NORM_TRAINS = "norm_uses_batch_statistics"  # 1 or 0

# of each batch normalisation that was evaluated after a step, over its channels, against all that it got until the next
# step; subject: the layer, or `copy_of` it. A deviation is the larger one of the running and of what it got
EVAL_MEAN_DRIFT = "eval_mean_drift"  # rms of (running mean − mean) / deviation
EVAL_VAR_DRIFT = "eval_var_drift_log10"  # rms of log10(running variance / variance)
EVAL_VALUES = "eval_values_per_channel"  # over how many values that is
EVAL_EXAMPLES = "eval_examples"  # and over how many examples

# of each tensor of data that enters the network at a step; subject: "input", or "input of LAYER" where several do
INPUT_MEAN = "input_mean"
INPUT_STD = "input_std"
INPUT_MIN = "input_min"
INPUT_MAX = "input_max"
INPUT_SPREAD = "input_feature_spread_log10"  # log10(largest / smallest standard deviation of a feature that varies)

# of the examples that enter the network at a step; subject: empty
DATA_BATCH = "data_batch_examples"  # all passes of the step together
DATA_EXAMPLES = "data_examples"  # how many different ones there are, by which of them came again; unknown till then
DATA_EXAMPLES_LEAST = "data_examples_at_least"  # till then: fewer would have come again by now, if gone through twice

# of the loss at a step, read from its own inputs, so however it is scaled or summed afterwards
TASK_LOSS = "task_loss"  # the mean over the examples
TASK_LOSS_BASE = "task_loss_base_rate"  # of the best constant guess, from all labels seen so far
TASK_LOSS_GUESS = "task_loss_guess"  # what that guess has of this step's labels alone, as TASK_LOSS is of them
TASK_EXAMPLES = "task_examples"  # labels in this step
LOGIT_STD = "logit_std"  # for a classifier: of the logits less the mean of their example
LOGIT_MAX = "logit_max_abs"

# arrays
HISTOGRAM_OUTPUT = "histogram_output"  # float32 (2 + bins,): lowest and highest edge, then the counts
HISTOGRAM_OUTPUT_GRAD = "histogram_output_grad"
HISTOGRAM_ACTIVATION = "histogram_activation"
HISTOGRAM_ACTIVATION_GRAD = "histogram_activation_grad"
MAP = "map"  # float16 (examples, units): the activation; at the start, and where units begin to saturate or die
MAP_LAST = "map_last"  # the same, the last one
# of a parameter, at steps each a tenth further: how many of its elements have which learning rate. float32 (2 + bins,):
# log10 of lowest and highest edge, then the counts; the outermost bins hold what lies beyond, NaN is in none
RATES = "effective_rates"
UNITS = "units"  # int64 (3, units): last step seen alive (−1 never), examples seen since, how often revived
LOGITS = "logits"  # float32 (2, classes): mean probability given to each class, share of the labels; of the first look

# events
EVAL_MODE = "eval-mode"  # norm or dropout layers in eval mode while training: {"modules": [names]}, empty when over
EPOCH = "epoch"  # data: {"number": n}
SKIPPED_STEP = "skipped-step"  # mixed precision found a non-finite gradient and did not step
NONFINITE_LOSS = "non-finite-loss"
LOADED = "weights-loaded"  # the script has given trained weights those of a state_dict, after this step
FAULT = "fault"  # one of ours; the training went on


LOOP = "the loop"  # the optimizer's name where there is none: a loop that moves its parameters by itself


KNOWN = frozenset(value for name, value in tuple(globals().items()) if name.isupper() and isinstance(value, str))


def copy_of(layer: str) -> str:
    """The subject of a copy of a layer that is evaluated in its place, such as one of averaged weights."""
    return f"copy of {layer}"


def of_role(quantity: str, role: str) -> str:
    """The quantity of one role: of_role(PART_SHARE, "momentum") is "part_share[momentum]"."""
    return f"{quantity}[{role}]"


def roles_of(quantity: str, recorded: Iterable[str]) -> list[str]:
    """The roles of which a quantity was recorded, in the order of the quantities given."""
    begins = f"{quantity}["
    return [name[len(begins) : -1] for name in recorded if name.startswith(begins)]


def group_name(optimizer: str, group: int) -> str:
    """The subject under which a parameter group's learning rate is recorded."""
    return LOOP if optimizer == LOOP else f"{optimizer}[{group}]"
