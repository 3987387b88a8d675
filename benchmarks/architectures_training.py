"""A training of one architecture of the transformers library, small and from scratch: on names or on digits.

python benchmarks/architectures_training.py NAME RATE
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import torch
import transformers as hf
from sklearn.datasets import load_digits
from torch import Tensor, nn

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LENGTH, STEPS, BATCH, WARM_UP = 14, 400, 32, 20
PAD, BEGIN, END = 0, 1, 2
TEXT = {"hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 96, "vocab_size": 29}
WIDE = {k: v for k, v in TEXT.items() if k != "intermediate_size"}
PICTURE = {k: v for k, v in TEXT.items() if k != "vocab_size"} | {"num_channels": 1, "num_labels": 10}
GROUPED = TEXT | {"num_key_value_heads": 2}

Build = Callable[[], nn.Module]

SEQUENCES: dict[str, Build] = {  # the next letter
    "gpt2": lambda: hf.GPT2LMHeadModel(hf.GPT2Config(vocab_size=29, n_positions=16, n_embd=48, n_layer=3, n_head=4)),
    "llama": lambda: hf.LlamaForCausalLM(hf.LlamaConfig(**TEXT)),
    "mistral": lambda: hf.MistralForCausalLM(hf.MistralConfig(**GROUPED)),
    "qwen2": lambda: hf.Qwen2ForCausalLM(hf.Qwen2Config(**GROUPED)),
    "gemma": lambda: hf.GemmaForCausalLM(hf.GemmaConfig(**GROUPED, head_dim=12)),
    "neox": lambda: hf.GPTNeoXForCausalLM(hf.GPTNeoXConfig(**TEXT)),
    "opt": lambda: hf.OPTForCausalLM(
        hf.OPTConfig(**WIDE, ffn_dim=96, max_position_embeddings=32, word_embed_proj_dim=48)
    ),
    "bloom": lambda: hf.BloomForCausalLM(hf.BloomConfig(vocab_size=29, hidden_size=48, n_layer=3, n_head=4)),
    "phi": lambda: hf.PhiForCausalLM(hf.PhiConfig(**TEXT, pad_token_id=PAD)),
    "mixtral": lambda: hf.MixtralForCausalLM(hf.MixtralConfig(**GROUPED, num_local_experts=4)),
    "mamba": lambda: hf.MambaForCausalLM(hf.MambaConfig(vocab_size=29, hidden_size=48, num_hidden_layers=2)),
}
MASKED: dict[str, Build] = {"bert": lambda: hf.BertForMaskedLM(hf.BertConfig(**TEXT))}  # letters that are hidden
CLASSES: dict[str, Build] = {  # whether the last letter is a vowel
    "bert-classes": lambda: hf.BertForSequenceClassification(hf.BertConfig(**TEXT)),
    "roberta": lambda: hf.RobertaForSequenceClassification(hf.RobertaConfig(**TEXT, pad_token_id=PAD)),
    "distilbert": lambda: hf.DistilBertForSequenceClassification(
        hf.DistilBertConfig(vocab_size=29, dim=48, n_layers=3, n_heads=4, hidden_dim=96)
    ),
    "albert": lambda: hf.AlbertForSequenceClassification(hf.AlbertConfig(**TEXT, embedding_size=24)),
    "electra": lambda: hf.ElectraForSequenceClassification(hf.ElectraConfig(**TEXT, embedding_size=24)),
    "deberta": lambda: hf.DebertaV2ForSequenceClassification(hf.DebertaV2Config(**TEXT)),
}
REVERSED: dict[str, Build] = {  # the name, last letter first
    "t5": lambda: hf.T5ForConditionalGeneration(
        hf.T5Config(
            vocab_size=29, d_model=48, d_kv=12, d_ff=96, num_layers=2, num_heads=4, decoder_start_token_id=PAD
        )
    ),
    "bart": lambda: hf.BartForConditionalGeneration(
        hf.BartConfig(
            vocab_size=29, d_model=48, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
            decoder_attention_heads=4, encoder_ffn_dim=96, decoder_ffn_dim=96, max_position_embeddings=32,
        )
    ),
}  # fmt: skip
PICTURES: dict[str, Build] = {
    "vit": lambda: hf.ViTForImageClassification(hf.ViTConfig(**PICTURE, image_size=8, patch_size=2)),
    "deit": lambda: hf.DeiTForImageClassification(hf.DeiTConfig(**PICTURE, image_size=8, patch_size=2)),
    "resnet": lambda: hf.ResNetForImageClassification(
        hf.ResNetConfig(
            num_channels=1, embedding_size=16, hidden_sizes=[16, 32], depths=[2, 2], layer_type="basic", num_labels=10
        )
    ),
    "convnext": lambda: hf.ConvNextForImageClassification(
        hf.ConvNextConfig(
            num_channels=1, patch_size=2, hidden_sizes=[16, 32], depths=[2, 2], num_stages=2, num_labels=10
        )
    ),
    "swin": lambda: hf.SwinForImageClassification(
        hf.SwinConfig(
            image_size=8, patch_size=1, num_channels=1, embed_dim=24, depths=[2, 2], num_heads=[2, 4], window_size=4,
            num_labels=10,
        )
    ),
}  # fmt: skip
ALL = {**SEQUENCES, **MASKED, **CLASSES, **REVERSED, **PICTURES}


def names() -> tuple[Tensor, Tensor, Tensor]:
    """Letters of (names, places), which of them are there, and whether each ends in a vowel."""
    with open(os.environ.get("NAMES_FILE", "data/names.txt")) as file:
        words = file.read().split()[:6000]
    rows = [[BEGIN, *(LETTERS.index(c) + END + 1 for c in word[: LENGTH - 2]), END] for word in words]
    ids = torch.tensor([row + [PAD] * (LENGTH - len(row)) for row in rows])
    return ids, (ids != PAD).long(), torch.tensor([int(word[-1] in "aeiouy") for word in words])


def task(name: str, model: nn.Module) -> tuple[Callable[[Tensor], Tensor], int]:
    """The loss of the examples of these numbers, and how many there are."""
    if name in PICTURES:
        data = load_digits()
        pictures, labels = torch.tensor(data.images / 16).float()[:, None], torch.tensor(data.target)
        return lambda i: model(pixel_values=pictures[i], labels=labels[i]).loss, len(labels)
    ids, there, vowels = names()
    targets = ids.masked_fill(ids == PAD, -100)  # which no loss counts

    def loss(i: Tensor) -> Tensor:
        given, wanted = ids[i], targets[i]
        if name in CLASSES:
            wanted = vowels[i]
        elif name in REVERSED:
            wanted = wanted.flip(1)
        elif name in MASKED:
            hidden = (torch.rand(given.shape) < 0.2) & (given > END)
            given, wanted = given.masked_fill(hidden, PAD), wanted.masked_fill(~hidden, -100)
        return model(input_ids=given, attention_mask=there[i], labels=wanted).loss

    return loss, len(ids)


def main() -> None:
    name, rate = sys.argv[1], float(sys.argv[2])
    hf.set_seed(0)
    model = ALL[name]()
    loss, number = task(name, model)
    order = torch.randperm(number)
    train, held_out = order[: -number // 6], order[-number // 6 :]
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    schedule = hf.get_cosine_schedule_with_warmup(optimizer, WARM_UP, STEPS)

    def measure() -> None:
        torch.manual_seed(1)
        model.eval()
        with torch.no_grad():
            print("held out", float(torch.stack([loss(i) for i in held_out.split(100)]).nanmean()))
        model.train()

    measure()
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss(train[torch.randint(0, len(train), (BATCH,))]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    measure()


if __name__ == "__main__":
    main()
